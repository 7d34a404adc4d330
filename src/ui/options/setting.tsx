import type { ComponentChildren } from 'preact';

/** A section of the options with its heading. */
export function Section(props: { id: string; title: string; children: ComponentChildren }) {
  return (
    <section id={props.id} class="section" aria-labelledby={`${props.id}-title`}>
      <h2 id={`${props.id}-title`}>{props.title}</h2>
      {props.children}
    </section>
  );
}

/** What a setting is called and, in a sentence, what it does. */
export function SettingText({ label, help }: { readonly label: string; readonly help: string }) {
  return (
    <span class="setting-text">
      <span>{label}</span>
      <span class="help">{help}</span>
    </span>
  );
}

/** A setting that is on or off. */
export function Switch(props: {
  label: string;
  /** What it does, in a sentence. */
  help: string;
  isOn: boolean;
  set(isOn: boolean): void;
}) {
  return (
    <label class="setting">
      <SettingText label={props.label} help={props.help} />
      <input
        type="checkbox"
        checked={props.isOn}
        onChange={(event) => props.set(event.currentTarget.checked)}
      />
    </label>
  );
}

/** A setting with a few choices. */
export function Choice<T extends string>(props: {
  label: string;
  /** What it does, in a sentence. */
  help: string;
  value: T;
  options: readonly (readonly [T, string])[];
  set(value: T): void;
}) {
  return (
    <label class="setting">
      <SettingText label={props.label} help={props.help} />
      <select
        class="field"
        value={props.value}
        onChange={(event) => {
          const chosen = props.options.find(([value]) => value === event.currentTarget.value);
          if (chosen) props.set(chosen[0]);
        }}
      >
        {props.options.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
