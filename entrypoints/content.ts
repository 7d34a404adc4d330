import { defineContentScript } from 'wxt/utils/define-content-script';
import { startContent } from '../src/capture/content.ts';

export default defineContentScript({
  matches: ['http://*/*', 'https://*/*'],
  runAt: 'document_idle',
  allFrames: false,
  main: startContent,
});
