import { MemoryPageStore } from './memory-store.ts';
import { describePageStore } from './page-store.contract.ts';

describePageStore('in memory', async () => new MemoryPageStore());
