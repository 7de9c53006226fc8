/**
 * How many refused rows are kept whole. All are counted; a small file that holds nothing but faults must not become a large part of the
 * database, and nobody corrects a hundred thousand rows by hand.
 */
import type { Rejection } from '../files/check-row.ts';
import { type Notice, notice } from '../files/messages.ts';

const MAX_ROWS = 100_000;
/** Of what was read of the file; packed files unfold to much more. */
const MAX_TIMES_READ = 8;
/** Every file may have this much. */
const FLOOR_CHARS = 1024 * 1024;
/** Line, kind, code and sentence of a row beside its cells. */
const ROW_CHARS = 200;

export class RefusalBudget {
  readonly #bytesRead: () => number;
  #rows = 0;
  #chars = 0;
  #notKept = 0;
  #firstNotKept: number | undefined;

  constructor(bytesRead: () => number) {
    this.#bytesRead = bytesRead;
  }

  /** @returns those that may be kept. */
  take(rows: readonly Rejection[]): Rejection[] {
    const room = Math.max(FLOOR_CHARS, MAX_TIMES_READ * this.#bytesRead());
    return rows.filter((row) => {
      const chars = row.cells.reduce((sum, cell) => sum + cell.length, ROW_CHARS + (row.value?.length ?? 0));
      if (this.#notKept === 0 && this.#rows < MAX_ROWS && this.#chars + chars <= room) {
        this.#rows++;
        this.#chars += chars;
        return true;
      }
      this.#notKept++;
      this.#firstNotKept ??= row.row;
      return false;
    });
  }

  notices(): Notice[] {
    if (this.#firstNotKept === undefined) return [];
    return [notice('refused_rows_not_kept', { count: this.#notKept, firstRow: this.#firstNotKept })];
  }
}
