import { call } from '../../src/messaging/client.ts';
import { MapApp } from '../../src/ui/map/map-app.tsx';
import { browserTimers } from '../../src/ui/parts/services.ts';
import { takeShell } from '../../src/ui/parts/start.ts';

takeShell().mount(<MapApp ask={call} timers={browserTimers} />);
