import { it } from 'vitest';
import { createSandbox } from '/work/main/src/sandbox/index.js';
it('probe', async () => {
  let t=performance.now();
  (await createSandbox()).close();
  t=performance.now();
  const s = await createSandbox({ requestsPerSecond: 0 });
  console.log('start', performance.now()-t);
  const get = async (p: string) => { const t=performance.now(); const r = await fetch(s.url+p,{headers:{authorization:'Bearer x'}}); const b:any = await r.json(); console.log(p.slice(0,60), r.status, (performance.now()-t).toFixed(0)+'ms'); return b; };
  const a = s.account();
  let b = await get('/reports/summary_reports/email_campaign_summaries?limit=500');
  console.log(b.bulk_email_campaign_summaries.length, b.bulk_email_campaign_summaries.slice(0,6), b.aggregate_percents);
  b = await get('/reports/summary_reports/email_campaign_summaries?limit=500');
  const big = [...a.campaignActivities].filter(x=>x.role==='primary_email').sort((x,y)=>y.sent_to.length-x.sent_to.length)[0]!;
  console.log(big.sent_to.length);
  for (const r of ['sends','opens','unique_opens','didnotopens','clicks','forwards','optouts','bounces']) { b = await get(`/reports/email_reports/${big.campaign_activity_id}/tracking/${r}`); console.log(b.tracking_activities.length, b.tracking_activities[0], b._links); }
  b = await get(`/reports/email_reports/${big.campaign_activity_id}/links?no_clicks=true`); console.log(b);
  b = await get(`/reports/stats/email_campaigns/${big.campaign_id}`); console.log(JSON.stringify(b));
  b = await get(`/reports/stats/email_campaign_activities/${big.campaign_activity_id}`); console.log(JSON.stringify(b));
  const c = big.sent_to[3]!;
  b = await get(`/reports/contact_reports/${c}/activity_details?tracking_activities_list=em_sends,em_opens`); console.log(b.tracking_activities.length, b.tracking_activities[0], b._links);
  b = await get(`/reports/contact_reports/${c}/open_and_click_rates?start=2024-01-01&end=2027-01-01`); console.log(b);
  b = await get(`/reports/contact_reports/${c}/activity_summary?start=2024-01-01&end=2027-01-01`); console.log(b.campaign_activities.length, b.campaign_activities[0]);
  for (const lp of a.landingPages) for (const k of ['p_unique_contact_clicks','p_unique_contact_opens','p_contact_opens','p_unique_contact_updates','p_unique_contact_adds','p_unique_contact_sms_optins']) { b = await get(`/reports/landing_pages/campaign_details/${lp.campaign_activity_id}/${k}?limit=500`); console.log(b.tracking_activities.length, b.tracking_activities[0]);}
  b = await get('/reports/summary_reports/sms_campaign_summaries?start_at=2020-01-01'); console.log(b.bulk_sms_campaign_summaries.length, b.bulk_sms_campaign_summaries[0], b.aggregate_percents, b._links);
  console.log(s.violations);
  await s.close();
  t=performance.now(); const s2 = await createSandbox({requestsPerSecond:0, contacts: 100000}); console.log('100k start', performance.now()-t);
  const get2 = async (p: string) => { const t=performance.now(); const r = await fetch(s2.url+p,{headers:{authorization:'Bearer x'}}); await r.json(); console.log(p.slice(0,60), r.status, (performance.now()-t).toFixed(0)+'ms'); };
  await get2('/reports/summary_reports/email_campaign_summaries?limit=500'); await get2('/reports/summary_reports/email_campaign_summaries?limit=500');
  await s2.close();
}, 60000);
