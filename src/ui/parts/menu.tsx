import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Icon } from '../icons/icon.tsx';
import type { IconName } from '../icons/lucide.ts';

export interface MenuItem {
  readonly icon: IconName;
  readonly label: string;
  readonly run: () => void;
  readonly isDanger?: boolean;
  /** The letter that runs it while the menu is open, by its place on the keyboard. */
  readonly letter?: string;
}

export interface MenuProps {
  /** Name of the button, and its tooltip. */
  readonly label: string;
  readonly button: ComponentChildren;
  /** A sentence above the items. */
  readonly note?: string | undefined;
  readonly items: readonly MenuItem[];
}

/** A button with a menu, by the ARIA pattern: arrows, Home, End, Escape, focus back to the button. */
export function Menu({ label, button, note, items }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const menuId = useId();

  useEffect(() => {
    if (!isOpen) return;
    root.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const closeOutside = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [isOpen]);

  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };

  const runLetter = ({ code, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean => {
    const item = items.find(({ letter }) => letter !== undefined && code === `Key${letter}`);
    if (item === undefined || ctrlKey || metaKey || altKey) return false;
    close();
    item.run();
    return true;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen) return;
    const entries = [...(root.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = entries.indexOf(document.activeElement as HTMLElement);
    const go = (place: number) => entries[(place + entries.length) % entries.length]?.focus();
    if (event.key === 'ArrowDown') go(at + 1);
    else if (event.key === 'ArrowUp') go(at - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(entries.length - 1);
    else if (event.key === 'Escape') close();
    else if (event.key === 'Tab') return setOpen(false);
    else if (!runLetter(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the menu's items bubble to here
    <div class="menu" ref={root} onKeyDown={onKeyDown}>
      <button
        ref={opener}
        type="button"
        class="icon-button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? menuId : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {button}
      </button>
      {isOpen && (
        <div class="menu-sheet">
          {note && <p class="menu-note">{note}</p>}
          <div role="menu" id={menuId} aria-label={label}>
            {items.map((item) => (
              <button
                key={item.label}
                type="button"
                role="menuitem"
                tabIndex={-1}
                aria-keyshortcuts={item.letter}
                class={`menu-item${item.isDanger ? ' danger' : ''}`}
                onClick={() => {
                  close();
                  item.run();
                }}
              >
                <Icon name={item.icon} />
                {item.label}
                {item.letter !== undefined && <kbd>{item.letter}</kbd>}
              </button>
            ))}
          </div>
        </div>
      )}
    </div>
  );
}
