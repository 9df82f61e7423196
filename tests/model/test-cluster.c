/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "builders.h"
#include "model/ac-cluster.h"
#include "model/ac-targets.h"
#include "model/ac-time.h"

static AcCluster *
cluster_from_text (const char *text)
{
  g_autoptr (JsonObject) object = object_from_text (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (AcEntity) entity = ac_entity_new_from_json (object, AC_JSON_STRICT, NULL, &error);

  g_assert_no_error (error);
  return ac_cluster_new (entity);
}

static char *
digest_of (const char *text, const char *const *assets)
{
  g_autoptr (AcCluster) cluster = cluster_from_text (text);

  return ac_cluster_digest (cluster, assets);
}

static void
test_the_same_cluster_has_the_same_digest (void)
{
  static const char *const two[] = { "a@x", "b@x", NULL };
  static const char *const turned[] = { "b@x", "a@x", "b@x", NULL };
  g_autofree char *first = digest_of (
      "{'type':'emailCluster','name':'n','sender':'a@evil.test','messageIds':['<1>','<2>']}", two);
  g_autofree char *second =
      digest_of ("{'type':'emailCluster','name':'other','query':'q','emailCount':3,"
                 "'sender':'A@EVIL.test','messageIds':['<2>','<1>']}",
                 turned);

  g_assert_cmpstr (first, ==, second);
}

static void
test_another_cluster_has_another_digest (void)
{
  static const char *const one[] = { "a@x", NULL };
  static const char *const two[] = { "a@x", "b@x", NULL };
  static const char *const texts[] = {
    "{'type':'emailCluster','name':'n','sender':'a@x'}",
    "{'type':'emailCluster','name':'n','senderDomain':'a@x'}",
    "{'type':'emailCluster','name':'n','subject':'a@x'}",
    "{'type':'emailCluster','name':'n','url':'a@x'}",
    "{'type':'emailCluster','name':'n','messageIds':['a@x']}",
    "{'type':'emailCluster','name':'n','sender':'a@x','excludedMailboxes':['c@x']}",
    "{'type':'emailCluster','name':'n','sender':'a@x','excludedMessageIds':['c@x']}",
  };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_true (g_hash_table_add (seen, digest_of (texts[i], one)));
      g_assert_true (g_hash_table_add (seen, digest_of (texts[i], two)));
    }
}

static void
test_what_is_excluded_does_not_belong_to_it (void)
{
  g_autoptr (AcCluster) cluster =
      cluster_from_text ("{'type':'emailCluster','name':'n','messageIds':['<1>','<2>'],"
                         "'excludedMessageIds':['<2>'],'excludedMailboxes':['Boss@x']}");

  g_assert_true (ac_cluster_has_mailbox (cluster, "a@x"));
  g_assert_false (ac_cluster_has_mailbox (cluster, "boss@X"));
  g_assert_true (ac_cluster_has_message (cluster, "<1>"));
  g_assert_false (ac_cluster_has_message (cluster, "<2>"));
  g_assert_false (ac_cluster_has_message (cluster, "<3>"));
  g_assert_false (ac_cluster_has_message (cluster, NULL));
}

static void
test_targets_are_read_as_they_are_told (void)
{
  g_autoptr (JsonObject) object = object_from_text (
      "{'digest':'d','lookedAt':'2026-01-01T00:00:00Z','messages':312,'mailboxes':97,"
      "'unreadable':2,'firstMessages':300,'firstLookedAt':'2026-01-01T00:00:00Z',"
      "'difference':{'at':'2026-01-02T00:00:00Z','added':3,'removed':1,'examples':[]}}");
  g_autoptr (GError) error = NULL;
  g_autoptr (AcTargets) targets = ac_targets_new_from_json (object, AC_JSON_STRICT, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (targets->digest, ==, "d");
  g_assert_cmpuint (targets->messages, ==, 312);
  g_assert_cmpuint (targets->mailboxes, ==, 97);
  g_assert_cmpuint (targets->unreadable, ==, 2);
  g_assert_cmpuint (targets->first_messages, ==, 300);
  g_assert_cmpuint (targets->added, ==, 3);
  g_assert_cmpuint (targets->removed, ==, 1);
  g_assert_cmpint (targets->changed_at, !=, AC_TIME_NONE);
}

static void
test_a_page_of_targets_counts_outcomes (void)
{
  g_autoptr (JsonObject) object = object_from_text (
      "{'items':[{'mailbox':'a@x','messageId':'<1>','outcome':'failed','detail':'why'},"
      "{'mailbox':'b@x'}],'total':2,'counts':{'failed':1,'open':1},'looking':true,"
      "'unreadable':[{'mailbox':'c@x','problem':'refused'}],'nextCursor':'c'}");
  g_autoptr (GError) error = NULL;
  g_autoptr (AcTargetPage) page = ac_target_page_new_from_json (object, &error);
  const AcTarget *first;

  g_assert_no_error (error);
  first = page->items->pdata[0];
  g_assert_cmpstr (first->detail, ==, "why");
  g_assert_null (((const AcTarget *)page->items->pdata[1])->message_id);
  g_assert_cmpuint (ac_target_page_count (page, "failed"), ==, 1);
  g_assert_cmpuint (ac_target_page_count (page, ""), ==, 1);
  g_assert_cmpuint (ac_target_page_count (page, "moved"), ==, 0);
  g_assert_true (page->looking);
  g_assert_cmpstr (((const AcUnreadableMailbox *)page->unreadable->pdata[0])->problem, ==,
                   "refused");
  g_assert_cmpstr (page->next_cursor, ==, "c");
}

static void
test_a_page_that_lacks_its_items_is_refused (void)
{
  g_autoptr (JsonObject) object = object_from_text ("{'total':2}");
  g_autoptr (GError) error = NULL;

  g_assert_null (ac_target_page_new_from_json (object, &error));
  g_assert_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_MISSING_MEMBER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/cluster/the-same-cluster-has-the-same-digest",
                   test_the_same_cluster_has_the_same_digest);
  g_test_add_func ("/model/cluster/another-cluster-has-another-digest",
                   test_another_cluster_has_another_digest);
  g_test_add_func ("/model/cluster/what-is-excluded-does-not-belong-to-it",
                   test_what_is_excluded_does_not_belong_to_it);
  g_test_add_func ("/model/targets/are-read-as-they-are-told",
                   test_targets_are_read_as_they_are_told);
  g_test_add_func ("/model/targets/a-page-counts-outcomes", test_a_page_of_targets_counts_outcomes);
  g_test_add_func ("/model/targets/a-page-that-lacks-its-items-is-refused",
                   test_a_page_that_lacks_its_items_is_refused);
  return g_test_run ();
}
