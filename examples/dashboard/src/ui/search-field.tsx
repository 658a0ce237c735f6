import { useEffect, useState } from 'react';
import { useLocation, useNavigationType } from 'react-router';
import { SearchIcon } from './icons.js';

interface SearchFieldProps {
  label: string;
  placeholder: string;
  /** The text in the URL. */
  value: string;
  onChange: (text: string) => void;
}

/** A search whose text is also in the URL. */
export function SearchField({ label, placeholder, value, onChange }: SearchFieldProps) {
  // The URL follows typing with a delay, so the text is kept here too.
  const [text, setText] = useState(value);
  const { key } = useLocation();
  const navigation = useNavigationType();
  useEffect(() => {
    // Typing replaces the URL; a link, the back button and clearing the filters change the text.
    if (navigation !== 'REPLACE') setText(value);
  }, [key]);
  return (
    <label className="search">
      <span className="hidden">{label}</span>
      <SearchIcon />
      <input
        type="search"
        value={text}
        maxLength={80}
        placeholder={placeholder}
        onChange={(event) => {
          setText(event.target.value);
          onChange(event.target.value);
        }}
      />
    </label>
  );
}
