/** How the keys are written on this system. */
export interface KeyNames {
  readonly control: string;
  readonly shift: string;
  readonly alt: string;
  readonly remove: string;
  readonly tab: string;
}

export function keyNames(platform = navigator.platform): KeyNames {
  return /mac|iphone|ipad/i.test(platform)
    ? { control: '⌘', shift: '⇧', alt: '⌥', remove: '⌦', tab: '⇥' }
    : { control: 'Ctrl+', shift: 'Shift+', alt: 'Alt+', remove: 'Del', tab: 'Tab' };
}
