import { defineBackground } from 'wxt/utils/define-background';
import { type HostDoor, startBackground } from '../src/background/background.ts';
import { createEngineHolder } from '../src/host/engine-holder.ts';
import { createHost } from '../src/host/host.ts';
import { startPdfIntake } from '../src/host/pdf/start-pdf.ts';
import { startEngine } from '../src/host/start-engine.ts';
import { sendLocally } from '../src/platform/local-call.ts';
import { ensureOffscreen } from '../src/platform/offscreen.ts';
import { sendRuntimeMessage } from '../src/platform/runtime.ts';
import { isFirefoxBuild } from '../src/platform/target.ts';

/** Firefox's background is a page with a DOM and workers, so it is the host itself. */
function hostHere(): HostDoor {
  const holder = createEngineHolder(startEngine, () => Date.now());
  const { listener } = createHost(holder, new DOMParser(), startPdfIntake());
  return { send: sendLocally(listener), ensure: () => Promise.resolve() };
}

export default defineBackground(() => {
  startBackground(
    isFirefoxBuild ? hostHere() : { send: sendRuntimeMessage, ensure: ensureOffscreen },
  );
});
