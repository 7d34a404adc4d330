import { call } from '../../src/messaging/client.ts';
import { browserTimers } from '../../src/ui/parts/services.ts';
import { takeShell } from '../../src/ui/parts/start.ts';
import { SearchApp } from '../../src/ui/search/search-app.tsx';

const shell = takeShell();
shell.mount(<SearchApp ask={call} timers={browserTimers} typed={shell.typed} />);
