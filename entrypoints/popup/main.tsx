import { call } from '../../src/messaging/client.ts';
import { browserTimers } from '../../src/ui/parts/services.ts';
import { takeShell } from '../../src/ui/parts/start.ts';
import { PopupApp } from '../../src/ui/popup/popup-app.tsx';

const shell = takeShell();
shell.mount(
  <PopupApp
    ask={call}
    timers={browserTimers}
    place="popup"
    typed={shell.typed}
    close={() => window.close()}
  />,
);
