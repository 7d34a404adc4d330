import { defineContentScript } from 'wxt/utils/define-content-script';
import { startContent } from '../src/capture/content.ts';

export default defineContentScript({
  // Files of the disk only where the person lets the extension see them, and only PDF. Firefox shows
  // its viewer to no extension.
  matches: [
    'http://*/*',
    'https://*/*',
    ...(import.meta.env.FIREFOX ? [] : ['file:///*.pdf', 'file:///*.PDF']),
  ],
  runAt: 'document_idle',
  allFrames: false,
  main: startContent,
});
