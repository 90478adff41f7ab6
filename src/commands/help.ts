import { WhittleError } from '../graph/error.ts';
import { didYouMean } from '../graph/suggest.ts';
import { type Answer, type Block, type Column, type Line, span, text } from '../session/answer.ts';
import type { Session } from '../session/session.ts';
import { settingDeclarations } from '../session/settings.ts';
import { transformByName, transforms } from '../transforms/index.ts';
import { flag, optionalWord } from './arguments.ts';
import { type Command, type CommandGroup, defineCommand } from './define.ts';
import { commandPage, describeCommand, describeTransform, transformPage } from './help-pages.ts';
import { topics } from './help-topics.ts';

/** The groups in the order of the help, with a sentence each. */
const groups: readonly (readonly [CommandGroup, string])[] = [
	['graph', 'open and save models, say what their inputs and outputs are'],
	['look', 'ask questions; the graph stays as it is'],
	['change', 'transform the graph: any transform is a command'],
	['history', 'go back and forth between steps; nothing is lost'],
	['prove', 'check that it still computes the same'],
	['session', 'scripts, settings, help'],
];

const columns: readonly Column[] = [
	{ name: 'group', tone: 'dim' },
	{ name: 'word', tone: 'strong' },
	{ name: 'what it does' },
	{ name: 'example', tone: 'name', shrink: true },
];

export default defineCommand({
	name: 'help',
	aliases: ['man'],
	group: 'session',
	summary: 'all words, or one of them: `help WORD`, `WORD?`, `WORD??`',
	args: {
		word: optionalWord('a command, transform, setting or topic', { subject: 'word' }),
		more: flag('with pictures, cautions and all details'),
	},
	examples: ['help', 'help fold_constants', 'quantize_weights??', 'help query'],
	scripted: 'asked',
	withoutModel: true,

	run(session, { word, more }, { commands, helpPages, width }): Answer {
		if (word === undefined)
			return overview(commands, [...topics.keys(), ...(helpPages?.keys() ?? [])], width);
		const command = commands.find((c) => c.name === word || c.aliases?.includes(word));
		if (command)
			return page(commandPage(command, more), usable(session, command.examples), describeCommand(command));
		const transform = transformByName(word);
		if (transform)
			return page(
				transformPage(transform, more),
				usable(session, transform.examples),
				describeTransform(transform),
			);
		const topic = topics.get(word) ?? helpPages?.get(word);
		if (topic) return page(topic, [], { topic: word });
		const setting = settingDeclarations.find((declared) => declared.name === word);
		if (setting) {
			const values = setting.values?.join(', ') ?? 'a whole number';
			const now = session.settings.get(word);
			const lines = [`set ${word} VALUE — ${setting.summary}`, `  values: ${values}; now ${now}`];
			return page([text(...lines)], [`set ${word}`], setting);
		}
		const group = groups.find(([name]) => name === word);
		if (group) return groupPage(word, commands);
		const known = [
			...commands.map((c) => c.name),
			...transforms.map((t) => t.name),
			...topics.keys(),
			...settingDeclarations.map((s) => s.name),
		];
		const beginning = known.filter((name) => name.startsWith(word));
		if (beginning.length > 0) return wordsPage(word, beginning, commands, width);
		throw new WhittleError('unknown', `There is no help on \`${word}\`.`, {
			hint: didYouMean(word, known) ?? '`help` lists all words.',
		});
	},
});

function page(blocks: readonly Block[], examples: readonly string[], data: object): Answer {
	return { kind: 'text', data, blocks, next: examples.slice(0, 3) };
}

/** Examples are about the bundled model; in another one only those that name none of its nodes can be typed. */
function usable(session: Session, examples: readonly string[]): string[] {
	const { position } = session.isOpen ? session.graph : { position: new Map<string, number>() };
	return examples.filter((example) =>
		(example.match(/[a-z][\w-]*(?:\/[\w-]+)+/g) ?? []).every((name) => position.has(name)),
	);
}

function wordRows(commands: readonly Command[], only?: string) {
	return groups
		.filter(([name]) => only === undefined || name === only)
		.flatMap(([group]) => [
			...commands
				.filter((command) => command.group === group)
				.map((c) => ({ group, word: c.name, summary: c.summary, example: c.examples.at(-1) ?? c.name })),
			...(group === 'change'
				? transforms.map((t) => ({
						group,
						word: t.name,
						summary: t.summary,
						example: t.examples[0] ?? t.name,
					}))
				: []),
		]);
}

/** @param width columns of the terminal: without room for examples they are left to `help WORD`. */
function overview(
	commands: readonly Command[],
	topicNames: readonly string[],
	width: number | undefined,
): Answer {
	const rows = wordRows(commands);
	return {
		kind: 'table',
		data: { columns: ['group', 'word', 'summary', 'example'], rows, total: rows.length },
		blocks: [
			...groups.map(([group, sentence]): Block => {
				const words = rows.filter((row) => row.group === group);
				const nameWidth = Math.max(...words.map((row) => row.word.length));
				return text(
					[span(group, 'strong'), span(` — ${sentence}`, 'dim')],
					...words.map((row) => wordLine(row, nameWidth, width)),
				);
			}),
			text(
				'`help WORD` or `WORD?` explains a word with examples, `WORD??` with pictures.',
				`Topics: ${topicNames.map((name) => `help ${name}`).join(', ')}.`,
			),
		],
		next: ['summary', 'transforms', 'help query'],
	};
}

/** All words that begin so. @param words of every kind; topics and settings have no line of their own. */
function wordsPage(
	beginning: string,
	words: readonly string[],
	commands: readonly Command[],
	width: number | undefined,
): Answer {
	const rows = wordRows(commands).filter(({ word }) => words.includes(word));
	const others = words.filter((word) => !rows.some((row) => row.word === word));
	const nameWidth = Math.max(0, ...rows.map((row) => row.word.length));
	const blocks: Block[] = [text(...rows.map((row) => wordLine(row, nameWidth, width)))];
	if (others.length > 0) blocks.push(text(`Also: ${others.map((word) => `help ${word}`).join(', ')}.`));
	return {
		kind: 'table',
		data: { beginning, columns: ['group', 'word', 'summary', 'example'], rows, total: rows.length },
		blocks,
		next: words.slice(0, 3).map((word) => `help ${word}`),
	};
}

type WordRow = ReturnType<typeof wordRows>[number];

function wordLine({ word, summary, example }: WordRow, nameWidth: number, width: number | undefined): Line {
	const roomy = width === undefined || width >= nameWidth + 120;
	const line = [
		span(`  ${word.padEnd(nameWidth)}`, 'name'),
		span(`  ${roomy ? summary.padEnd(72) : summary}`),
	];
	return roomy ? [...line, span(`  ${example}`, 'dim')] : line;
}

function groupPage(group: string, commands: readonly Command[]): Answer {
	const rows = wordRows(commands, group);
	return {
		kind: 'table',
		data: { columns: ['group', 'word', 'summary', 'example'], rows, total: rows.length },
		blocks: [
			{
				type: 'table',
				columns: columns.slice(1),
				rows: rows.map((row) => [row.word, row.summary, row.example]),
			},
		],
	};
}
