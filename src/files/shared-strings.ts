import { say } from '../lib/words/sentence.ts';
import type { XmlReader } from './xml.ts';
import { unusable } from './zip.ts';

const MAX_TEXT = 192 * 1024 * 1024;
const MAX_STRINGS = 6_000_000;
const BLOCK = 1024 * 1024;

/** The texts of an .xlsx in one place, as bytes: three million strings of JavaScript would take half a gigabyte. */
export class SharedStrings implements XmlReader {
  #bytes = Buffer.allocUnsafe(BLOCK);
  #used = 0;
  #ends = new Float64Array(1024);
  #count = 0;
  #text = '';
  #inText = false;
  #phonetic = false;

  open(name: string): void {
    if (name === 'si') this.#text = '';
    else if (name === 't') this.#inText = true;
    else if (name === 'rPh') this.#phonetic = true;
  }

  text(text: string): void {
    if (this.#inText && !this.#phonetic && this.#text.length <= 32_767) this.#text += text;
  }

  close(name: string): void {
    if (name === 't') this.#inText = false;
    else if (name === 'rPh') this.#phonetic = false;
    else if (name === 'si') this.#add(plainText(this.#text));
  }

  at(index: number): string {
    if (index < 0 || index >= this.#count) return '';
    return this.#bytes.toString('utf8', index === 0 ? 0 : this.#ends[index - 1], this.#ends[index]);
  }

  #add(text: string): void {
    const size = Buffer.byteLength(text);
    if (this.#used + size > MAX_TEXT || this.#count === MAX_STRINGS) {
      throw unusable(say('server.files.workbook-holds-more'));
    }
    if (this.#used + size > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#used + size));
      this.#bytes.copy(larger, 0, 0, this.#used);
      this.#bytes = larger;
    }
    if (this.#count === this.#ends.length) {
      const larger = new Float64Array(2 * this.#ends.length);
      larger.set(this.#ends);
      this.#ends = larger;
    }
    this.#used += this.#bytes.write(text, this.#used);
    this.#ends[this.#count++] = this.#used;
  }
}

/** Excel writes characters that XML cannot hold as _x000D_. */
export function plainText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
