import { call } from '../../src/messaging/client.ts';
import { onFrontChange } from '../../src/platform/tabs.ts';
import { browserTimers } from '../../src/ui/parts/services.ts';
import { takeShell } from '../../src/ui/parts/start.ts';
import { PopupApp } from '../../src/ui/popup/popup-app.tsx';

const shell = takeShell();
shell.mount(
  <PopupApp
    ask={call}
    timers={browserTimers}
    place="panel"
    typed={shell.typed}
    close={() => {}}
    onFrontChange={onFrontChange}
  />,
);
