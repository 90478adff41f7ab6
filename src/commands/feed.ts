import { feedValue } from '../evaluate/feed-value.ts';
import { inputSpec } from '../evaluate/input-specs.ts';
import { dtypeName } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import { sourceOf } from '../graph/names.ts';
import { text } from '../session/answer.ts';
import { line } from './arguments.ts';
import { defineCommand } from './define.ts';
import { namedNode } from './named-node.ts';

const VALUES = 'A value is zeros, ones, random, a number, a list [1,2], or a .npy, .npz, .png or .jpg file.';

export default defineCommand({
	name: 'feed',
	group: 'prove',
	summary: 'give an input a value for verify, eval and bench',
	details: `\`zeros\`, \`ones\` and \`random\` fill the declared shape, or one in brackets: \`random[1,48,64,3]\` says the sizes that the graph leaves open. A number fills it too; a list has its own shape. A \`.npy\` file, an array of an \`.npz\` (\`F.npz:name\`) or an image (\`.png\`, \`.jpg\`: floats in 0 … 1) is read. Any tensor of the graph can be fed, not only its inputs.

\`feed\` alone lists what is set; \`feed NAME=\` takes it back.`,
	args: { setting: line('NAME=VALUE', { optional: true, subject: 'tensor' }) },
	examples: [
		'feed onet/input=zeros',
		'feed pnet/input=random[1,48,64,3]',
		'feed pnet/input=photo.png',
		'feed',
	],
	scripted: 'always',
	resumed: true,

	run(session, { setting }) {
		const typed = setting.trim();
		if (typed !== '') {
			const at = typed.indexOf('=');
			if (at <= 0)
				throw new WhittleError('usage', `\`${typed}\` gives no value.`, {
					hint: `feed NAME=VALUE. ${VALUES}`,
				});
			set(typed.slice(0, at).trim(), typed.slice(at + 1).trim());
		}
		const feeds = [...session.feeds.values()].map(({ name, source }) => ({ name, source }));
		return {
			kind: 'table',
			data: { feeds },
			blocks:
				feeds.length === 0
					? [text('no input has a value of its own: verify, eval and bench make random ones')]
					: [
							{
								type: 'table',
								columns: [{ name: 'tensor', tone: 'name' }, { name: 'value' }, { name: 'type' }],
								rows: feeds.map(({ name, source }) => [name, source, typeText(name)]),
							},
						],
		};

		function set(name: string, source: string): void {
			const node = session.graph.nodes[namedNode(session, name)]!;
			const port = /:(\d+)$/.exec(name)?.[1] ?? '0';
			const tensor = sourceOf(name) === node.name && port === '0' ? node.name : `${node.name}:${port}`;
			const given = source.replace(/^(['"])(.*)\1$/, '$2');
			if (given === '') {
				session.feeds.delete(tensor);
				return;
			}
			// Read once now, so that a mistake shows here and not in the middle of a run.
			try {
				feedValue(given, inputSpec(session.graph, tensor), {
					seed: 1,
					unknown: 1,
					readFile: (path) => session.host.readFile(path),
				});
			} catch (error) {
				// A plain word is taken for a file's name, and was hardly meant as one.
				if (!(error instanceof WhittleError) || error.code !== 'file' || /[./]/.test(given)) throw error;
				throw new WhittleError('usage', `\`${given}\` is no value, and no file.`, { hint: VALUES });
			}
			session.feeds.set(tensor, { name: tensor, source: given });
		}

		function typeText(name: string): string {
			if (!session.graph.has(sourceOf(name))) return 'not in this graph';
			const { dtype, shape } = inputSpec(session.graph, name);
			return `${dtypeName(dtype)}[${shape === null ? '…' : shape.map((size) => (size < 0 ? '?' : size)).join(',')}]`;
		}
	},
});
