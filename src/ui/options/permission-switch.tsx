import { useState } from 'preact/hooks';
import { Switch } from './setting.tsx';

/** A setting that is a permission of the browser's: switched on by its question, given back when off. */
export function PermissionSwitch(props: {
  label: string;
  /** What it does, in a sentence. */
  help: string;
  isGranted: boolean;
  /** Asks the person. */
  request(): Promise<boolean>;
  onAnswer(isGranted: boolean): void;
  giveBack(): Promise<void>;
}) {
  // On while the browser asks; a refusal takes it back.
  const [isAsking, setIsAsking] = useState(false);
  const set = async (isOn: boolean) => {
    if (!isOn) return props.giveBack();
    setIsAsking(true);
    try {
      props.onAnswer(await props.request());
    } finally {
      setIsAsking(false);
    }
  };
  return (
    <Switch
      label={props.label}
      help={props.help}
      isOn={isAsking || props.isGranted}
      set={(isOn) => void set(isOn)}
    />
  );
}
