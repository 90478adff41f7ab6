import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generate } from '../../scripts/generate-proto.ts';
import { packageFile } from '../../src/graph/package-file.ts';

test('the generated codec is the one that the .proto files give', () => {
	const { descriptor, messages } = generate();
	expect(readFileSync(packageFile('proto/descriptor.json'), 'utf8')).toBe(descriptor);
	expect(readFileSync(packageFile('proto/messages.ts'), 'utf8')).toBe(messages);
});
