import { describe, expect, it } from 'vitest';
import { classificationOf } from '../../../domain/classification.ts';
import { analystMail, ticketText, userMail } from '../../../domain/render-mail.ts';
import { policy } from '../../fixtures/records/policy.ts';
import { byResolution, compromised, remediated, sealedPlan } from '../../fixtures/records/records.ts';

describe('mail to the user', () => {
  it('tells facts and steps, and accuses nobody', async () => {
    const { subject, text } = userMail(byResolution.policy_violation, policy);
    await expect(`${subject}\n\n${text}`).toMatchFileSnapshot('../../fixtures/reports/user-mail.txt');
    expect(text).not.toMatch(/you (?:have )?(?:installed|downloaded|violated|used)|illegal|guilty|your fault|breach/i);
  });

  it('has steps for each program that was recognised, on the system it runs on', () => {
    expect(userMail(byResolution.policy_violation, policy).text).toMatch(
      /Exit qBittorrent\.[\s\S]*tray icon[\s\S]*program manager/,
    );
  });

  it('says what was changed instead, when it was changed', () => {
    const { text } = userMail(remediated, policy);
    expect(text).toContain('What was changed on the device, after a person approved it');
    expect(text).not.toContain('What we ask you to do');
  });

  it('keeps apart what is proven and what is not', () => {
    const { text } = userMail(remediated, policy);
    expect(text).toMatch(/Proven: .*it was run/);
    expect(text).toMatch(/Likely, not proven: it took part in a swarm/);
    expect(text).toMatch(/Not checked: content was transferred/);
  });
});

describe('mail to the analysts', () => {
  it('asks for approval of one exact plan, with the commands that decide', () => {
    for (const kind of ['approval_needed', 'reminder'] as const) {
      const { subject, text } = analystMail(remediated, kind);
      expect(subject).toMatch(/[Aa]pproval needed for laptop-7/);
      expect(text).toContain(sealedPlan.digest);
      expect(text).toContain(`swarmcase approve ${remediated.caseId} --digest ${sealedPlan.digest.slice(0, 16)}`);
      expect(text).toContain('silence until then is refusal');
    }
  });

  it('lists the problems, the findings or what would decide, as the case needs it', () => {
    expect(analystMail(byResolution.needs_attention, 'needs_attention').text).toContain(
      byResolution.needs_attention.problems[0],
    );
    expect(analystMail(compromised, 'forensic').text).toContain('A library is forced into every program (decisive)');
    expect(analystMail(byResolution.inconclusive, 'inconclusive').text).toContain(
      'What would change it: A capture with handshakes',
    );
  });

  it('names no user outside of the exact plan', () => {
    expect(JSON.stringify(analystMail(compromised, 'forensic'))).not.toMatch(/mara/i);
  });
});

describe('ticket', () => {
  it('is the case on one page, without a person in it', async () => {
    for (const record of Object.values(byResolution))
      expect(JSON.stringify(ticketText(record))).not.toMatch(/mara|undefined/i);
    const { summary, body } = ticketText(remediated);
    await expect(`${summary}\n\n${body}`).toMatchFileSnapshot('../../fixtures/reports/ticket.md');
  });

  it('has a summary that a ticket system takes', () => {
    for (const record of Object.values(byResolution))
      expect(ticketText(record).summary.length).toBeLessThanOrEqual(200);
  });
});

describe('classification', () => {
  it('leaves malice open as long as the compromise checks are not known', () => {
    expect(classificationOf('policy_violation').text).toBe('Policy violation (true positive)');
    expect(classificationOf('policy_violation', 'none_found').text).toBe(
      'Non-malicious policy violation (true positive)',
    );
    expect(classificationOf('policy_violation_remediated', 'inconclusive').text).toContain('compromise not ruled out');
  });
});
