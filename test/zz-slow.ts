import { openPglite } from '../src/store/db-pglite.ts';
import { openPostgres } from '../src/store/db-postgres.ts';
import { migrate } from '../src/store/migrate.ts';
import { makeCampaign } from './support/factories.ts';
import { claim } from '../src/store/claims.ts';
import type { Db } from '../src/store/db.ts';
const url = process.env['TEST_DATABASE_URL'];
const db: Db = url === undefined ? await openPglite() : openPostgres({connectionString:url, schema:'zz'});
if (url !== undefined) { await db.query('drop schema if exists zz cascade'); await db.query('create schema zz'); }
await migrate(db);
for (const n of [100, 500, 1000]) {
const id = await makeCampaign(db,{people:2500});
const exp: Db = {...db, query: async (text, params) => { const r = await db.query<{'QUERY PLAN': string}>('explain (analyze, costs on, timing on) '+text, params); console.log(r.rows.map(x=>x['QUERY PLAN']).filter(l=>n===500 || /Execution/.test(l)).join('\n')); return {rows:[],rowCount:0}; }};
let t=Date.now();
await claim(exp,{campaignId:id,mode:'sandbox',limit:n,marketing:false,leaseSeconds:60,slot:0}); console.log(n, Date.now()-t);
}
await db.close();
