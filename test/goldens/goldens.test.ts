/** Every recorded run of the C++ tool. One test a case: `-t "mtcnn.pb fold_constants"` picks. */
import { afterAll, describe, expect, test } from 'vitest';
import { hasShared } from '../shared.ts';
import { GoldenFile, goldenFiles } from './harness.ts';

describe.skipIf(!hasShared)('goldens', () => {
	for (const { file, graph, cases } of hasShared ? goldenFiles() : []) {
		describe(graph, () => {
			let golden: GoldenFile | undefined;
			afterAll(() => {
				golden = undefined;
			});
			for (const name of cases) {
				test(name, () => {
					golden ??= new GoldenFile(file);
					const difference = golden.difference(name);
					if (difference !== undefined) expect.fail(difference);
				});
			}
		});
	}
});
