import { type IconName, iconPaths } from './lucide.ts';

export interface IconProps {
  readonly name: IconName;
  /** Edge in CSS pixels; 16 unless told. */
  readonly size?: number;
}

/** A drawing beside a text or inside a labelled control: hidden from assistive technology. */
export function Icon({ name, size = 16 }: IconProps) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width={(1.5 * 24) / size}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={iconPaths[name]} />
    </svg>
  );
}
