/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "builders.h"
#include "model/ac-action.h"
#include "model/ac-investigation.h"
#include "model/ac-investigation-state.h"
#include "model/ac-time.h"

#define MESSAGE "'entity':{'type':'emailMessage','messageId':'<m@x>'}"
#define PROPOSAL                                                                                   \
  "{'type':'softDeleteEmail','verdict':'malicious','assets':['a@x','b@x']," MESSAGE "}"

static void
test_a_request_becomes_proposals (void)
{
  g_autoptr (JsonObject) object = object_from_text (
      "{'externalId':'x-1','title':'Phish','evidence':[{'verdict':'malicious'," MESSAGE "}],"
      "'actions':[" PROPOSAL "]}");
  g_autoptr (GError) error = NULL;
  g_autoptr (AcInvestigation) request = ac_investigation_new_from_request (object, &error);
  AcProposal *proposal;

  g_assert_no_error (error);
  g_assert_cmpstr (ac_investigation_get_external_id (request), ==, "x-1");
  g_assert_cmpuint (ac_investigation_get_evidence (request)->len, ==, 1);
  g_assert_cmpuint (ac_investigation_get_proposals (request)->len, ==, 1);
  proposal = ac_investigation_get_proposals (request)->pdata[0];
  g_assert_cmpint (proposal->expires_at, ==, AC_TIME_NONE);
  g_assert_null (proposal->source);
  g_assert_cmpstr (proposal->assets[1], ==, "b@x");
}

static void
test_a_bad_request_names_the_member (void)
{
  static const struct
  {
    const char *text;
    const char *message;
  } table[] = {
    { "{'title':'t'}", "externalId: is missing" },
    { "{'externalId':'x'}", "title: is missing" },
    { "{'externalId':'x','title':'t','actoins':[]}", "actoins: this member is not known" },
    { "{'externalId':'x','title':'t','actions':[1]}", "actions[0]: expected an object" },
    { "{'externalId':'x','title':'t','evidence':[{'verdict':'malicious','entity':{}}]}",
      "evidence[0].entity.type: is missing" },
    { "{'externalId':'x','title':'t','actions':[" PROPOSAL ",{'type':'softDeleteEmail'}]}",
      "actions[1].verdict: is missing" },
    { "{'externalId':'x','title':'t','actions':[{'type':'softDeleteEmail',"
      "'verdict':'malicious','assets':[]," MESSAGE "}]}",
      "actions[0].assets: must name at least one" },
    { "{'externalId':'x','title':'t','actions':[{'type':'softDeleteEmail',"
      "'verdict':'malicious','assets':['a','a']," MESSAGE "}]}",
      "actions[0].assets[1]: “a” stands there twice" },
    { "{'externalId':'x','title':'t','actions':[{'type':'softDeleteEmail',"
      "'verdict':'malicious','assets':['a\\r\\nb']," MESSAGE "}]}",
      "actions[0].assets[0]: must be the name of" },
    { "{'externalId':'x','title':'t','actions':[{'type':'blockUrl',"
      "'verdict':'malicious','assets':['a']," MESSAGE "}]}",
      "actions[0].entity.type: an action of type blockUrl is about an entity of type url, "
      "not emailMessage" },
    { "{'externalId':'x','title':'t','state':'sleeping'}", "state: “sleeping” is not one of " },
    { "{'externalId':'x','title':'t','alerts':[{'id':'1','title':'a','colour':'red'}]}",
      "alerts[0].colour: this member is not known" },
    { "{'externalId':'x','title':'t','alerts':[{'id':'1','title':'a'},{'id':'1','title':'b'}]}",
      "alerts[1].id: “1” stands there twice" },
    { "{'externalId':'x','title':'t','log':[{'id':'1','action':'a'}]}",
      "log[0].createdAt: is missing" },
    { "{'externalId':'x','title':'t','log':[{'id':'1','action':'a','durationSeconds':-1,"
      "'createdAt':'2026-11-23T20:00:00Z'}]}",
      "log[0].durationSeconds: must not be negative" },
    { "{'externalId':'x','title':'t','entities':[{'verdict':'malicious','threat':'x'," MESSAGE
      "}]}",
      "entities[0].threat: this member is not known" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (JsonObject) object = object_from_text (table[i].text);
      g_autoptr (GError) error = NULL;

      g_assert_null (ac_investigation_new_from_request (object, &error));
      g_assert_nonnull (error);
      g_assert_cmpstr (error->message, !=, "");
      if (!g_str_has_prefix (error->message, table[i].message))
        g_error ("expected “%s…”, got “%s”", table[i].message, error->message);
    }
}

static void
test_every_state_has_a_text (void)
{
  static const struct
  {
    const char *state;
    const char *label;
  } table[] = {
    { "starting", "Starting" },
    { "running", "Running" },
    { "noThreatsFound", "No threats found" },
    { "partiallyInvestigated", "Partially investigated" },
    { "pendingAction", "Pending action" },
    { "partiallyRemediated", "Partially remediated" },
    { "remediated", "Remediated" },
    { "terminatedBySystem", "Terminated by system" },
    { "terminatedByUser", "Terminated by user" },
    { "queuedByThrottling", "Queued by throttling" },
    { "terminatedByThrottling", "Terminated by throttling" },
    { "failed", "Failed" },
    { "Unknown", "Unknown" },
    { "Terminated", "Terminated" },
    { "SuccessfullyRemediated", "Remediated" },
    { "Benign", "No threats found" },
    { "Failed", "Failed" },
    { "PartiallyRemediated", "Partially remediated" },
    { "Running", "Running" },
    { "PendingApproval", "Pending action" },
    { "PendingResource", "Waiting for a device" },
    { "PartiallyInvestigated", "Partially investigated" },
    { "TerminatedByUser", "Terminated by user" },
    { "TerminatedBySystem", "Terminated by system" },
    { "Queued", "Queued" },
    { "InnerFailure", "Failed inside" },
    { "PreexistingAlert", "Preexisting alert" },
    { "UnsupportedOs", "Operating system not supported" },
    { "UnsupportedAlertType", "Alert type not supported" },
    { "SuppressedAlert", "Alert suppressed" },
    { "somethingNew", "somethingNew" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    g_assert_cmpstr (ac_investigation_state_label (table[i].state), ==, table[i].label);
  for (guint i = 1; i < ac_vocabulary_size (AC_VOCABULARY_INVESTIGATION_STATUS); i++)
    g_assert_nonnull (ac_investigation_status_explanation (
        ac_vocabulary_wire (AC_VOCABULARY_INVESTIGATION_STATUS, (int)i)));
  g_assert_null (ac_investigation_status_explanation ("somethingNew"));
  /* Whoever reads that it failed reads that something may have been done all the same. */
  g_assert_nonnull (strstr (ac_investigation_status_explanation ("failed"),
                            "Approved actions may still have run"));
}

static char *
digest (const char *proposal_text)
{
  g_autofree char *text =
      g_strdup_printf ("{'externalId':'x','title':'t','actions':[%s]}", proposal_text);
  g_autoptr (JsonObject) object = object_from_text (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (AcInvestigation) request = ac_investigation_new_from_request (object, &error);

  g_assert_no_error (error);
  return ac_proposal_digest (ac_investigation_get_proposals (request)->pdata[0]);
}

static void
test_the_same_proposal_has_the_same_digest (void)
{
  g_autofree char *first = digest (PROPOSAL);
  g_autofree char *other_order =
      digest ("{'entity':{'messageId':'<m@x>','type':'emailMessage'},'assets':['b@x','a@x'],"
              "'verdict':'suspicious','reason':'again','type':'softDeleteEmail'}");
  g_autofree char *other_mailbox =
      digest ("{'type':'softDeleteEmail','verdict':'malicious','assets':['a@x']," MESSAGE "}");
  g_autofree char *other_type = digest (
      "{'type':'quarantineEmail','verdict':'malicious','assets':['a@x','b@x']," MESSAGE "}");

  g_assert_cmpstr (first, ==, other_order);
  g_assert_cmpstr (first, !=, other_mailbox);
  g_assert_cmpstr (first, !=, other_type);
}

static void
test_an_answer_holds_actions (void)
{
  g_autoptr (JsonObject) object = object_from_text (
      "{'id':'i','version':1,'title':'Phish','status':'somethingNew','surprise':[1],"
      "'createdAt':'2026-11-23T20:00:00Z','updatedAt':'2026-11-23T20:00:00Z','actions':["
      "{'id':'a','version':1,'type':'softDeleteEmail','status':'pending','verdict':'malicious',"
      "'source':'automatedEmail','assets':['a@x'],'createdAt':'2026-11-23T20:00:00Z',"
      "'updatedAt':'2026-11-23T20:00:00Z'," MESSAGE "}]}");
  g_autoptr (GError) error = NULL;
  g_autoptr (AcInvestigation) investigation =
      ac_investigation_new_from_json (object, AC_JSON_LENIENT, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (ac_investigation_get_actions (investigation)->len, ==, 1);
  g_assert_cmpuint (ac_investigation_get_action_count (investigation), ==, 1);
  g_assert_cmpuint (ac_investigation_get_pending_count (investigation), ==, 1);
  g_assert_cmpstr (ac_investigation_get_status (investigation), ==, "somethingNew");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/investigation/request", test_a_request_becomes_proposals);
  g_test_add_func ("/model/investigation/bad-request", test_a_bad_request_names_the_member);
  g_test_add_func ("/model/investigation/states", test_every_state_has_a_text);
  g_test_add_func ("/model/investigation/digest", test_the_same_proposal_has_the_same_digest);
  g_test_add_func ("/model/investigation/answer", test_an_answer_holds_actions);
  return g_test_run ();
}
