import { WhittleError } from '../graph/error.ts';
import { didYouMean } from '../graph/suggest.ts';
import { type Answer, type Column, text } from '../session/answer.ts';
import { settingDeclarations } from '../session/settings.ts';
import { optionalWord } from './arguments.ts';
import { defineCommand } from './define.ts';

const columns: readonly Column[] = [
	{ name: 'name', tone: 'strong' },
	{ name: 'value' },
	{ name: 'values', tone: 'dim' },
	{ name: 'summary' },
];

export default defineCommand({
	name: 'set',
	group: 'session',
	summary: 'show the settings, or change one',
	details:
		'Holds for this session. Lines `set NAME VALUE` in the configuration file (`help files` tells where) hold for all.',
	args: {
		name: optionalWord('the setting', { subject: 'setting' }),
		value: optionalWord('its new value'),
	},
	examples: ['set', 'set theme light', 'set rows 40'],
	scripted: 'never',
	resumed: true,
	withoutModel: true,

	run(session, { name, value }): Answer {
		const { settings } = session;
		const known = settingDeclarations.map((setting) => setting.name);
		if (name !== undefined && !known.includes(name)) {
			throw new WhittleError('unknown', `There is no setting \`${name}\`.`, {
				hint: didYouMean(name, known) ?? `Settings: ${known.join(', ')}.`,
			});
		}
		if (name !== undefined && value !== undefined) {
			settings.set(name, value);
			return { kind: 'text', data: { [name]: value }, blocks: [text(`${name} = ${value}`)] };
		}
		const rows = settingDeclarations
			.filter((setting) => name === undefined || setting.name === name)
			.map((setting) => ({
				name: setting.name,
				value: settings.get(setting.name),
				default: setting.default,
				values: setting.values ?? null,
				summary: setting.summary,
			}));
		const shown = rows.map((row) => [row.name, row.value, row.values?.join(' ') ?? '', row.summary]);
		return {
			kind: 'table',
			data: { columns: ['name', 'value', 'values', 'summary'], rows, total: rows.length },
			blocks: [{ type: 'table', columns, rows: shown }],
		};
	},
});
