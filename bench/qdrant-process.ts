import { TestQdrant } from '../e2e/qdrant/server.ts';

/** The test server in a process of its own, so that its work is not counted as the client's. */
const qdrant = await TestQdrant.start();
process.send?.(qdrant.url);
process.on('disconnect', () => process.exit(0));
