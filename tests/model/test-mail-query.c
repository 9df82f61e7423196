/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "builders.h"
#include "model/ac-mail-query.h"
#include "model/ac-submission.h"
#include "model/ac-time.h"

#define NOW (G_GINT64_CONSTANT (1769817600) * G_USEC_PER_SEC) /* 2026-01-31T00:00:00Z */

static AcMailQuery *
query_of (const char *text, const char *const *assets)
{
  g_autoptr (JsonObject) object = object_from_text (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (AcEntity) entity = ac_entity_new_from_json (object, AC_JSON_STRICT, NULL, &error);

  g_assert_no_error (error);
  return ac_mail_query_new_from_entity (entity, assets);
}

static void
test_what_an_action_is_about_is_found_again (void)
{
  static const char *const one[] = { "a@x", NULL };
  static const char *const all[] = { "*", "a@x", NULL };
  static const struct
  {
    const char *entity;
    const char *const *assets;
    const char *parameters; /* NULL: nothing to look for in mail */
  } table[] = {
    { "{'type':'emailMessage','messageId':'<1@x>','folder':'INBOX'}", one,
      "messageId=%3C1%40x%3E" },
    { "{'type':'attachment','messageId':'<1@x>','fileName':'f'}", one, "messageId=%3C1%40x%3E" },
    { "{'type':'url','url':'http://x.test/'}", one, "url=http%3A%2F%2Fx.test%2F" },
    { "{'type':'emailCluster','name':'n','sender':'A@X','subject':'s t'}", one,
      "sender=a%40x&subject=s%20t&mailbox=a%40x" },
    { "{'type':'emailCluster','name':'n','senderDomain':'x.test'}", all, "senderDomain=x.test" },
    { "{'type':'emailCluster','name':'n','messageIds':['<1>','<2>']}", all, NULL },
    { "{'type':'mailbox','address':'a@x'}", one, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (AcMailQuery) query = query_of (table[i].entity, table[i].assets);
      g_autofree char *parameters = query != NULL ? ac_mail_query_to_parameters (query) : NULL;

      g_assert_cmpstr (parameters, ==, table[i].parameters);
    }
}

static void
test_a_query_is_a_cluster_only_when_it_means_the_same (void)
{
  g_autoptr (AcMailQuery) query = ac_mail_query_new ();
  g_autoptr (AcEntity) entity = NULL;

  g_assert_null (ac_mail_query_to_entity (query, "n"));
  query->sender = g_strdup ("A@x");
  entity = ac_mail_query_to_entity (query, "n");
  g_assert_cmpstr (ac_entity_get_string (entity, "sender"), ==, "a@x");
  query->received_after = NOW;
  g_assert_null (ac_mail_query_to_entity (query, "n"));
  query->received_after = AC_TIME_NONE;
  query->subject_part = g_strdup ("words");
  g_assert_null (ac_mail_query_to_entity (query, "n"));
}

static void
test_an_entry_ends_when_it_may (void)
{
  static const struct
  {
    const char *members;
    int days; /* -1: refused; 0: never ends */
  } table[] = {
    { "'assessment':'clean','entry':'allow'", 30 },
    { "'assessment':'clean','entry':'allow','entryExpiresAt':'2026-02-01T00:00:00Z'", 1 },
    { "'assessment':'clean','entry':'allow','entryExpiresAt':'2026-03-03T00:00:00Z'", -1 },
    { "'assessment':'clean','entry':'allow','entryNeverExpires':true", -1 },
    { "'assessment':'threat','category':'spam','entry':'block'", 30 },
    { "'assessment':'threat','category':'spam','entry':'block','entryNeverExpires':true", 0 },
    { "'assessment':'threat','entry':'block'", -1 },
    { "'assessment':'unsure','entry':'allow'", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *text =
          g_strdup_printf ("{'entity':{'type':'url','url':'http://x.test/'},%s}", table[i].members);
      g_autoptr (JsonObject) object = object_from_text (text);
      g_autoptr (GError) error = NULL;
      g_autoptr (AcSubmission) submission = ac_submission_new_from_request (object, NOW, &error);

      if (table[i].days < 0)
        g_assert_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE);
      else
        g_assert_no_error (error);
      if (table[i].days >= 0)
        g_assert_cmpint (ac_submission_get_entry_expires_at (submission), ==,
                         table[i].days > 0 ? NOW + table[i].days * G_TIME_SPAN_DAY : AC_TIME_NONE);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/mail-query/what-an-action-is-about-is-found-again",
                   test_what_an_action_is_about_is_found_again);
  g_test_add_func ("/model/mail-query/a-query-is-a-cluster-only-when-it-means-the-same",
                   test_a_query_is_a_cluster_only_when_it_means_the_same);
  g_test_add_func ("/model/submission/an-entry-ends-when-it-may", test_an_entry_ends_when_it_may);
  return g_test_run ();
}
