import { WhittleError } from '../graph/error.ts';
import { didYouMean } from '../graph/suggest.ts';
import { type Answer, type Column, text } from '../session/answer.ts';
import { writeConfigLine } from '../session/config.ts';
import { transformByName } from '../transforms/index.ts';
import { flag, line, optionalWord } from './arguments.ts';
import { defineCommand } from './define.ts';

const columns: readonly Column[] = [{ name: 'name', tone: 'strong' }, { name: 'line' }];

export default defineCommand({
	name: 'alias',
	group: 'session',
	summary: 'a short word for the beginning of a line',
	details: 'Exported scripts hold the full lines. `alias NAME --remove` forgets one.',
	args: {
		name: optionalWord('the new word'),
		meaning: line('what it stands for', { optional: true, subject: 'transforms' }),
		remove: flag('forget it'),
		save: flag('also for later sessions'),
	},
	examples: ['alias', 'alias clean remove_nodes(op=Identity) strip_unused_nodes', 'alias clean --remove'],
	scripted: 'never',
	resumed: true,
	withoutModel: true,
	redirect: 'none',

	run(session, { name: first, meaning: rest, remove, save }, { commands }): Answer {
		const { aliases } = session;
		// Other shells write `alias NAME=LINE`.
		const [, named, begun] = /^([\w-]+)=(.*)$/s.exec(first ?? '') ?? [];
		const name = named ?? first;
		const meaning = begun === undefined ? rest : `${begun} ${rest}`.trim();
		if (name !== undefined && !remove && meaning === '' && !aliases.has(name)) {
			throw new WhittleError('unknown', `There is no alias \`${name}\`.`, {
				hint: `\`alias ${name} LINE\` makes one; \`alias\` lists them.`,
			});
		}
		if (name === undefined && remove) {
			throw new WhittleError('usage', '`--remove` needs the alias to forget.', {
				hint: 'alias NAME --remove',
			});
		}
		if (name !== undefined && remove && !aliases.delete(name)) {
			throw new WhittleError('unknown', `There is no alias \`${name}\`.`, {
				hint: didYouMean(name, aliases.keys()) ?? '`alias` lists them.',
			});
		}
		if (name !== undefined && !remove && meaning !== '') {
			const taken = commands.some((c) => c.name === name || c.aliases?.includes(name));
			if (taken || transformByName(name) || !/^[A-Za-z_][\w-]*$/.test(name))
				throw new WhittleError('usage', `\`${name}\` cannot be an alias.`, {
					hint: 'An alias is one word that means nothing else.',
				});
			aliases.set(name, meaning);
			if (save) writeConfigLine('alias', name, meaning);
		}
		const rows = [...aliases]
			.filter(([word]) => name === undefined || word === name)
			.map(([word, meant]) => ({ name: word, line: meant }));
		if (rows.length === 0)
			return { kind: 'text', data: { rows }, blocks: [text(remove ? `forgot ${name}` : 'no alias is set')] };
		return {
			kind: 'table',
			data: { columns: ['name', 'line'], rows, total: rows.length },
			blocks: [{ type: 'table', columns, rows: rows.map((row) => [row.name, row.line]) }],
		};
	},
});
