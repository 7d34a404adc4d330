import { call } from '../../src/messaging/client.ts';
import { takeShell } from '../../src/ui/parts/start.ts';
import { WelcomeApp } from '../../src/ui/welcome/welcome-app.tsx';

takeShell().mount(<WelcomeApp ask={call} />);
