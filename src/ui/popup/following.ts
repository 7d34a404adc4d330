import type { Ask, Timers } from '../parts/services.ts';
import { emptyQuestion, type Finder, isEmptyQuestion, type Question } from '../results/finder.ts';

/** A page in front that is still being read is looked at again after this. */
const lookAgainMs = 2_000;
const mostLooks = 8;

/**
 * Keeps the list on pages like the one in front, for as long as the box is empty: what was typed
 * or asked by hand is never replaced. Everything is asked of the engine on this machine.
 *
 * @param onFrontChange tells when another page comes to the front; returns how to stop telling
 * @returns how to stop following, which also empties a list that following had filled
 */
export function followFront(
  finder: Finder,
  ask: Ask,
  timers: Pick<Timers, 'after'>,
  onFrontChange: (run: () => void) => () => void,
): () => void {
  let turn = 0;
  let callOff: () => void = () => {};
  let followed: Question = emptyQuestion;

  const isMine = () => {
    const question = finder.question.peek();
    return question === followed || isEmptyQuestion(question);
  };
  const show = (question: Question) => {
    if (!isMine()) return;
    followed = question;
    if (question !== finder.question.peek()) finder.setQuestion(question);
  };
  const look = async (looksLeft: number, mine: number) => {
    const page = await ask('page-background:current-page-state', null).catch(() => null);
    if (mine !== turn) return;
    const state = page?.state;
    if (state?.state === 'stored') {
      const { id, title } = state.page;
      show({ kind: 'similar', pageId: id, text: '', title, filters: {} });
      return;
    }
    show(emptyQuestion);
    if (state?.state === 'reading' && looksLeft > 0) {
      callOff = timers.after(lookAgainMs, () => void look(looksLeft - 1, mine));
    }
  };
  const start = () => {
    callOff();
    turn += 1;
    void look(mostLooks, turn);
  };
  start();
  const stopTelling = onFrontChange(start);
  return () => {
    stopTelling();
    callOff();
    turn += 1;
    if (isMine()) finder.setQuestion(emptyQuestion);
  };
}
