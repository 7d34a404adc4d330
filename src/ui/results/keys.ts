/** What a key press asks for in a search view. */
export type Command =
  | 'next'
  | 'previous'
  | 'first'
  | 'last'
  | 'open'
  | 'open-tab'
  | 'open-aside'
  | 'forget'
  | 'undo'
  | 'complete'
  | 'similar'
  | 'pin'
  | 'unfold'
  | 'passages'
  | 'more-like'
  | 'less-like'
  | 'read'
  | 'help'
  | 'escape';

/** The part of a KeyboardEvent that decides, with where it happened. */
export interface KeyPress {
  readonly key: string;
  /** The physical key: Alt changes `key` on some systems. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
  /** The key is held down. */
  readonly repeat: boolean;
}

/** The state of the box, when the key was pressed in it. */
export interface BoxState {
  readonly isEmpty: boolean;
  /** The caret stands behind the last character and nothing is selected. */
  readonly isAtEnd: boolean;
}

/**
 * The command of a key press, or null to leave it to the box. `box` is null when the focus is on
 * the list: then single letters are commands too.
 */
export function commandOf(press: KeyPress, box: BoxState | null): Command | null {
  // Enter and arrows belong to the input method while it composes a syllable.
  if (press.isComposing) return null;
  const { key, code } = press;
  const isControl = press.ctrlKey || press.metaKey;
  if (press.altKey && !isControl) {
    if (code === 'KeyS') return 'similar';
    if (code === 'KeyP') return 'pin';
    if (code === 'KeyN') return 'unfold';
    if (code === 'KeyR') return 'read';
    if (code === 'KeyM') return 'passages';
    if (code === 'Equal') return 'more-like';
    if (code === 'Minus') return 'less-like';
    return null;
  }
  switch (key) {
    case 'Enter':
      if (isControl) return 'open-tab';
      return press.shiftKey ? 'open-aside' : 'open';
    case 'ArrowDown':
      return 'next';
    case 'ArrowUp':
      return 'previous';
    case 'PageDown':
      return 'last';
    case 'PageUp':
      return 'first';
    case 'Escape':
      return 'escape';
    case 'Tab':
      return box?.isAtEnd && !press.shiftKey && !isControl ? 'complete' : null;
    case 'Delete':
      // A key held to empty the box must not go on to empty the list.
      return (box === null || box.isAtEnd) && !press.repeat ? 'forget' : null;
    case '?':
      return box === null || box.isEmpty ? 'help' : null;
  }
  if (isControl && !press.shiftKey) {
    if (code === 'KeyJ') return 'next';
    if (code === 'KeyK') return 'previous';
    if (code === 'KeyZ') return 'undo';
    return null;
  }
  if (box !== null || isControl) return null;
  switch (key) {
    case 'j':
      return 'next';
    case 'k':
      return 'previous';
    case 's':
      return 'similar';
    case 'p':
      return 'pin';
    case 'n':
      return 'unfold';
    case 'r':
      return 'read';
    case 'm':
      return 'passages';
    case '+':
      return 'more-like';
    case '-':
      return 'less-like';
    case 'Home':
      return 'first';
    case 'End':
      return 'last';
    default:
      return null;
  }
}
