import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generateDocs } from '../scripts/docs.ts';
import { packageFile } from '../src/graph/package-file.ts';

test.each([...generateDocs()])('%s is what `npm run docs` writes', (path, content) => {
	const file = packageFile(path);
	expect(existsSync(file) ? readFileSync(file, 'utf8') : 'no such file').toBe(content);
});
