/** Makes src/inspect/query-parser.js of query.peggy: `npx tsx scripts/generate-query-parser.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import peggy from 'peggy';

const folder = fileURLToPath(new URL('../src/inspect/', import.meta.url));

/** The parser's source; a test compares it with the file that is committed. */
export function generateQueryParser(): string {
	const grammar = readFileSync(`${folder}query.peggy`, 'utf8');
	return peggy.generate(grammar, { output: 'source', format: 'es', cache: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	writeFileSync(`${folder}query-parser.js`, generateQueryParser());
}
