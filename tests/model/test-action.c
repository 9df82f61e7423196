/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "builders.h"
#include "model/ac-action.h"
#include "model/ac-time.h"

#define ACTION_HEAD                                                                                \
  "'id':'a1','version':3,'type':'softDeleteEmail','verdict':'malicious',"                          \
  "'source':'automatedEmail','assets':['alice@example.test','bob@example.test'],"                  \
  "'createdAt':'2026-11-23T20:00:00Z','updatedAt':'2026-11-23T20:01:00Z',"                         \
  "'entity':{'type':'emailMessage','messageId':'<m@x>','subject':'Invoice'}"

static AcAction *
action_from_text (const char *text)
{
  g_autoptr (JsonObject) object = object_from_text (text);
  g_autoptr (GError) error = NULL;
  AcAction *action = ac_action_new_from_json (object, AC_JSON_LENIENT, NULL, &error);

  g_assert_no_error (error);
  return action;
}

static void
test_members_are_read (void)
{
  g_autoptr (AcAction) action = action_from_text (
      "{" ACTION_HEAD ",'status':'completed','undoable':true,'decidedBy':'j.doe',"
      "'results':[{'asset':'alice@example.test','outcome':'moved','detail':'Moved.'}],"
      "'timeline':[{'at':'2026-11-23T20:00:00Z','actor':'d','event':'propose'}]}");

  g_assert_cmpstr (ac_action_get_id (action), ==, "a1");
  g_assert_cmpint (ac_action_get_version (action), ==, 3);
  g_assert_cmpint (ac_action_get_status_value (action), ==, AC_STATUS_COMPLETED);
  g_assert_cmpstr (ac_action_get_details (action), ==, "Invoice");
  g_assert_cmpstr (ac_action_get_assets (action)[1], ==, "bob@example.test");
  g_assert_cmpint (ac_action_get_expires_at (action), ==, AC_TIME_NONE);
  g_assert_cmpint (ac_action_get_updated_at (action) - ac_action_get_created_at (action), ==,
                   60 * G_USEC_PER_SEC);
  g_assert_cmpuint (ac_action_get_results (action)->len, ==, 1);
  g_assert_cmpuint (ac_action_get_timeline (action)->len, ==, 1);
}

static void
test_a_newer_service_is_shown_raw_and_kept (void)
{
  g_autoptr (AcAction) action = action_from_text (
      "{'id':'a','version':1,'type':'quarantineHologram','status':'waitingForResource',"
      "'verdict':'odd','source':'starship','assets':[],'createdAt':'2026-11-23T20:00:00Z',"
      "'updatedAt':'2026-11-23T20:00:00Z','entity':{'type':'hologram','colour':'blue'},"
      "'priority':{'level':9}}");
  g_autoptr (JsonObject) written = ac_action_to_json (action);

  g_assert_cmpint (ac_action_get_status_value (action), ==, AC_STATUS_UNKNOWN);
  g_assert_cmpstr (ac_action_get_status (action), ==, "waitingForResource");
  g_assert_cmpstr (ac_entity_get_summary (ac_action_get_entity (action)), ==, "hologram");
  g_assert_cmpstr (ac_entity_get_string (ac_action_get_entity (action), "colour"), ==, "blue");
  g_assert_cmpint (ac_json_get_integer (ac_json_get_object (written, "priority"), "level", 0), ==,
                   9);
  for (guint d = 1; d < ac_vocabulary_size (AC_VOCABULARY_DECISION); d++)
    g_assert_false (ac_action_may (action, (AcDecision)d));
}

static void
test_errors_name_the_inner_member (void)
{
  g_autoptr (JsonObject) object = object_from_text (
      "{" ACTION_HEAD ",'status':'completed',"
      "'results':[{'asset':'a','outcome':'moved'},{'asset':7,'outcome':'moved'}]}");
  g_autoptr (GError) error = NULL;

  g_assert_null (ac_action_new_from_json (object, AC_JSON_LENIENT, "items[4]", &error));
  g_assert_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_WRONG_TYPE);
  g_assert_true (g_str_has_prefix (error->message, "items[4].results[1].asset: "));
}

static void
test_undo_needs_something_to_bring_back (void)
{
  g_autoptr (AcAction) moved =
      action_from_text ("{" ACTION_HEAD ",'status':'completed','undoable':true}");
  g_autoptr (AcAction) nothing =
      action_from_text ("{" ACTION_HEAD ",'status':'completed','undoable':false}");
  g_autoptr (AcAction) pending =
      action_from_text ("{" ACTION_HEAD ",'status':'pending','undoable':true}");

  g_assert_true (ac_action_may (moved, AC_DECISION_UNDO));
  g_assert_false (ac_action_may (moved, AC_DECISION_APPROVE));
  g_assert_false (ac_action_may (nothing, AC_DECISION_UNDO));
  g_assert_false (ac_action_may (pending, AC_DECISION_UNDO));
  g_assert_true (ac_action_may (pending, AC_DECISION_APPROVE));
  g_assert_true (ac_action_may (pending, AC_DECISION_REJECT));
}

static void
test_each_entity_type_has_a_summary_and_fields (void)
{
  static const struct
  {
    const char *text;
    const char *summary;
  } table[] = {
    { "{'type':'emailMessage','messageId':'<m@x>'}", "<m@x>" },
    { "{'type':'emailMessage','messageId':'<m@x>','subject':''}", "<m@x>" },
    { "{'type':'emailMessage','messageId':'<m@x>','subject':'Hi'}", "Hi" },
    { "{'type':'emailCluster','name':'Invoices'}", "Invoices" },
    { "{'type':'attachment','messageId':'<m@x>','fileName':'a.zip'}", "a.zip" },
    { "{'type':'url','url':'https://evil.test/'}", "https://evil.test/" },
    { "{'type':'mailbox','address':'a@x'}", "a@x" },
    { "{'type':'file','path':'/tmp/x','sha256':'00'}", "/tmp/x" },
    { "{'type':'device','name':'fin-07'}", "fin-07" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (JsonObject) object = object_from_text (table[i].text);
      g_autoptr (GError) error = NULL;
      g_autoptr (AcEntity) entity =
          ac_entity_new_from_json (object, AC_JSON_STRICT, "entity", &error);
      AcEntityField field;

      g_assert_no_error (error);
      g_assert_cmpstr (ac_entity_get_summary (entity), ==, table[i].summary);
      g_assert_true (ac_entity_type_get_field (ac_entity_get_entity_type (entity), 0, &field));
      g_assert_nonnull (ac_entity_get_string (entity, field.name));
    }
}

static void
test_a_member_of_an_enumeration_has_words (void)
{
  g_autoptr (JsonObject) known =
      object_from_text ("{'type':'url','url':'https://evil.test/','scope':'domain'}");
  g_autoptr (JsonObject) newer =
      object_from_text ("{'type':'url','url':'https://evil.test/','scope':'galaxy'}");
  g_autoptr (AcEntity) a = ac_entity_new_from_json (known, AC_JSON_STRICT, "entity", NULL);
  g_autoptr (AcEntity) b = ac_entity_new_from_json (newer, AC_JSON_LENIENT, "entity", NULL);

  g_assert_cmpstr (ac_entity_get_label (a, "scope"), ==, "The whole domain");
  g_assert_cmpstr (ac_entity_get_label (b, "scope"), ==, "galaxy");
  g_assert_null (ac_entity_get_label (a, "url"));
}

/* What a detector knows of a cluster stands in four groups, in this order. */
static void
test_the_counters_of_a_cluster_stand_in_groups (void)
{
  static const char *const sections[] = { NULL, "Threats", "Latest delivery", "Original delivery" };
  g_autoptr (JsonObject) object = object_from_text (
      "{'type':'emailCluster','name':'c','volumeAnomaly':true,'malwareCount':1,'phishCount':2,"
      "'highConfidencePhishCount':3,'spamCount':4,'mailboxCount':5,'notInMailboxCount':6,"
      "'externalCount':7,'deliveredCount':8,'junkedCount':9,'replacedCount':10,'blockedCount':11}");
  g_autoptr (GError) error = NULL;
  g_autoptr (AcEntity) entity = ac_entity_new_from_json (object, AC_JSON_STRICT, "entity", &error);
  AcEntityField field;
  gboolean anomaly;
  gsize section = 0;
  gint64 sum = 0;

  g_assert_no_error (error);
  for (gsize i = 0; ac_entity_type_get_field ("emailCluster", i, &field); i++)
    {
      if (g_strcmp0 (field.section, sections[section]) != 0)
        section++;
      g_assert_cmpuint (section, <, G_N_ELEMENTS (sections));
      g_assert_cmpstr (field.section, ==, sections[section]);
      if (field.kind == AC_JSON_INTEGER && field.section != NULL)
        sum += ac_entity_get_integer (entity, field.name, 0);
    }
  g_assert_cmpuint (section, ==, G_N_ELEMENTS (sections) - 1);
  g_assert_cmpint (sum, ==, 66);
  g_assert_true (ac_entity_get_boolean (entity, "volumeAnomaly", &anomaly));
  g_assert_true (anomaly);
  g_assert_false (ac_entity_get_boolean (entity, "nothing", &anomaly));
  g_assert_false (anomaly);
}

static void
test_an_entity_of_a_request_is_strict (void)
{
  static const struct
  {
    const char *text;
    const char *message;
  } table[] = {
    { "{}", "entity.type: is missing" },
    { "{'type':'hologram'}", "entity.type: “hologram” is not one of " },
    { "{'type':'emailMessage'}", "entity.messageId: is missing" },
    { "{'type':'emailMessage','messageId':'<m>','url':'x'}",
      "entity.url: this member is not known" },
    { "{'type':'emailMessage','messageId':'<m>','recipients':'x'}",
      "entity.recipients: expected an array of strings" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (JsonObject) object = object_from_text (table[i].text);
      g_autoptr (GError) error = NULL;

      g_assert_null (ac_entity_new_from_json (object, AC_JSON_STRICT, "entity", &error));
      g_assert_nonnull (error);
      g_assert_true (g_str_has_prefix (error->message, table[i].message));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/action/members", test_members_are_read);
  g_test_add_func ("/model/action/newer-service", test_a_newer_service_is_shown_raw_and_kept);
  g_test_add_func ("/model/action/inner-errors", test_errors_name_the_inner_member);
  g_test_add_func ("/model/action/undo-needs-something", test_undo_needs_something_to_bring_back);
  g_test_add_func ("/model/entity/summary", test_each_entity_type_has_a_summary_and_fields);
  g_test_add_func ("/model/entity/groups", test_the_counters_of_a_cluster_stand_in_groups);
  g_test_add_func ("/model/entity/words", test_a_member_of_an_enumeration_has_words);
  g_test_add_func ("/model/entity/strict", test_an_entity_of_a_request_is_strict);
  return g_test_run ();
}
