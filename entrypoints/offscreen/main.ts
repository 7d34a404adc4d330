import { createEngineHolder } from '../../src/host/engine-holder.ts';
import { createHost } from '../../src/host/host.ts';
import { startPdfIntake } from '../../src/host/pdf/start-pdf.ts';
import { startEngine } from '../../src/host/start-engine.ts';
import { onRuntimeMessage } from '../../src/platform/runtime.ts';

const holder = createEngineHolder(startEngine, () => Date.now());
onRuntimeMessage(createHost(holder, new DOMParser(), startPdfIntake()).listener);
