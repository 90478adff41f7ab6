/** Telling whether a model is still the one that it was. */
import { createHash } from 'node:crypto';
import type { OpenModel } from './host.ts';

/** Beyond this many bytes a fingerprint looks at samples: reading 500 MB would keep the prompt waiting. */
const SAMPLED = 32 * 1024 * 1024;

/**
 * Tells whether a model is still the same: its sha256; of a large file that of 64 samples and the length, of a
 * large folder that of its graph's nodes and the length.
 */
export function fingerprintOf(model: OpenModel): string {
	const { graph, fileBytes } = model;
	if (fileBytes <= SAMPLED) return model.digest();
	const hash = createHash('sha256').update(String(fileBytes));
	const bytes = graph.parts.source;
	if (!bytes) {
		for (const node of graph.nodes) hash.update(`${node.name} ${node.byteLength}\n`);
		return `nodes-${hash.digest('hex')}`;
	}
	const step = Math.floor((bytes.length - 65_536) / 63);
	for (let i = 0; i < 64; i++) hash.update(bytes.subarray(i * step, i * step + 65_536));
	return `sampled-${hash.digest('hex')}`;
}
