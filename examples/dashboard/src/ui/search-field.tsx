import { useEffect, useState } from 'react';
import { useLocation, useNavigationType } from 'react-router';
import { SearchIcon } from './icons.js';

interface SearchFieldProps {
  label: string;
  placeholder: string;
  /** The text in the address of the screen. */
  value: string;
  onChange: (text: string) => void;
}

/** A search whose text is in the address of the screen as well. */
export function SearchField({ label, placeholder, value, onChange }: SearchFieldProps) {
  // The address follows what is typed a moment later, so the text is kept here too.
  const [text, setText] = useState(value);
  const { key } = useLocation();
  const navigation = useNavigationType();
  useEffect(() => {
    // Typing replaces the address; a link, the way back and clearing the filters bring another text.
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
