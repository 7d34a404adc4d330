import { call } from '../../src/messaging/client.ts';
import { extensionVersion } from '../../src/platform/runtime.ts';
import { IdbModelShelf } from '../../src/storage/idb-model-shelf.ts';
import { OptionsApp } from '../../src/ui/options/options-app.tsx';
import { takeShell } from '../../src/ui/parts/start.ts';

takeShell().mount(
  <OptionsApp
    ask={call}
    version={extensionVersion()}
    bringModel={async (folder, dims) => {
      const { bringModel } = await import('../../src/engine/bring-model.ts');
      return bringModel(folder, new IdbModelShelf(), dims);
    }}
  />,
);
