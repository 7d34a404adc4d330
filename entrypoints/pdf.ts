import { expose } from 'comlink';
import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { createPdfReading } from '../src/host/pdf/read-pdf.ts';

/** The worker that reads one PDF. */
export default defineUnlistedScript(() => {
  expose(
    createPdfReading({
      characterMaps: new URL('/cmaps/', self.location.href).href,
      now: () => performance.now(),
      sliceMs: 300,
    }),
  );
});
