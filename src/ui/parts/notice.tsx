import { Icon } from '../icons/icon.tsx';
import type { IconName } from '../icons/lucide.ts';

export interface NoticeProps {
  readonly icon: IconName;
  readonly text: string;
  readonly help?: string | undefined;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
  /** `quiet` stands above a list; `page` fills the place of one. */
  readonly size?: 'page' | 'quiet';
}

/** A state of a view: one sentence, one action. */
export function Notice({ icon, text, help, action, size = 'page' }: NoticeProps) {
  return (
    <div class={`notice ${size}`}>
      <Icon name={icon} size={size === 'page' ? 24 : 16} />
      <div class="notice-text">
        <p>{text}</p>
        {help && <p class="muted">{help}</p>}
      </div>
      {action && (
        <button type="button" class="button" onClick={action.run}>
          {action.label}
        </button>
      )}
    </div>
  );
}
