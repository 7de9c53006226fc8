export interface Guard {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly without: string;
  readonly test: string;
  readonly names?: string;
}
export const GUARDS: readonly Guard[];
