import type { Db } from '../lib/db/db.ts';

export interface AccessDeps {
  readonly db: Db;
  /** SECRET_KEY, or the one made and kept in DATA_DIR. */
  readonly secretKey: string;
  /** ADMIN_API_KEY. */
  readonly adminApiKey: string | undefined;
  /** 'none' opens everything as the administrator `local`; the settings allow it only on the loopback. */
  readonly authMode: 'required' | 'none';
}
