import { call } from '../../src/messaging/client.ts';
import { extensionVersion } from '../../src/platform/runtime.ts';
import { OptionsApp } from '../../src/ui/options/options-app.tsx';
import { takeShell } from '../../src/ui/parts/start.ts';

takeShell().mount(<OptionsApp ask={call} version={extensionVersion()} />);
