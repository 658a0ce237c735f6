import { graphql } from 'relay-runtime';

/** The figures need a REST call of their own, so the name need not wait for them. */
export const CampaignFigures = graphql`
  fragment campaignFigures on EmailCampaign {
    stats {
      opens
    }
  }
`;

export const Campaign = graphql`
  query campaignQuery($id: ID!) {
    emailCampaign(id: $id) {
      name
      ...campaignFigures @defer(label: "figures")
    }
  }
`;
