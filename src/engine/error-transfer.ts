import { transferHandlers } from 'comlink';
import { fromWireError, toWireError, type WireError } from '../core/errors.ts';

interface Thrown {
  readonly value: unknown;
}

/**
 * Comlink carries an error's message and stack and drops the rest. Installed at both ends of a
 * link, this handler carries the code and details of an AppError, and nothing of its stack.
 */
export function installErrorTransfer(): void {
  const comlinks = transferHandlers.get('throw');
  if (comlinks === undefined) throw new Error('Comlink has no handler for what is thrown.');
  transferHandlers.set('throw', {
    canHandle: comlinks.canHandle,
    serialize: (thrown: unknown) => [toWireError((thrown as Thrown).value), []],
    deserialize: (wire: unknown) => {
      throw fromWireError(wire as WireError);
    },
  });
}
