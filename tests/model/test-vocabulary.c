/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-vocabulary.h"

static const AcVocabulary vocabularies[] = {
  AC_VOCABULARY_ACTION_TYPE, AC_VOCABULARY_STATUS,           AC_VOCABULARY_ENTITY_TYPE,
  AC_VOCABULARY_VERDICT,     AC_VOCABULARY_SOURCE,           AC_VOCABULARY_DECISION,
  AC_VOCABULARY_OUTCOME,     AC_VOCABULARY_OPERATION_STATUS, AC_VOCABULARY_INVESTIGATION_STATUS,
  AC_VOCABULARY_ROLE,
  AC_VOCABULARY_URL_SCOPE,
  AC_VOCABULARY_ASSESSMENT,  AC_VOCABULARY_THREAT,           AC_VOCABULARY_SUBMISSION_STATE,
  AC_VOCABULARY_LIST_ENTRY,
};

static void
test_every_value_comes_back (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (vocabularies); i++)
    {
      g_assert_cmpuint (ac_vocabulary_size (vocabularies[i]), >, 1);
      for (guint value = 1; value < ac_vocabulary_size (vocabularies[i]); value++)
        {
          const char *wire = ac_vocabulary_wire (vocabularies[i], (int)value);

          g_assert_nonnull (wire);
          g_assert_cmpint (ac_vocabulary_parse (vocabularies[i], wire), ==, value);
          g_assert_cmpstr (ac_vocabulary_label (vocabularies[i], wire), !=, wire);
        }
    }
}

static void
test_an_unknown_spelling_is_shown_as_it_is (void)
{
  g_assert_cmpint (ac_status_parse ("waitingForResource"), ==, AC_STATUS_UNKNOWN);
  g_assert_cmpstr (ac_vocabulary_label (AC_VOCABULARY_STATUS, "waitingForResource"), ==,
                   "waitingForResource");
  g_assert_null (ac_vocabulary_label (AC_VOCABULARY_STATUS, NULL));
  g_assert_cmpint (ac_status_parse (NULL), ==, AC_STATUS_UNKNOWN);
  g_assert_cmpint (ac_status_parse ("Pending"), ==, AC_STATUS_UNKNOWN);
}

static void
test_what_each_role_may (void)
{
  /* read, decide, post investigations, read audit, judge */
  static const struct
  {
    AcRole role;
    gboolean may[AC_N_PERMISSIONS];
  } table[] = {
    { AC_ROLE_UNKNOWN, { FALSE, FALSE, FALSE, FALSE, FALSE } },
    { AC_ROLE_READER, { TRUE, FALSE, FALSE, FALSE, FALSE } },
    { AC_ROLE_RESPONDER, { TRUE, TRUE, FALSE, FALSE, FALSE } },
    { AC_ROLE_DETECTOR, { FALSE, FALSE, TRUE, FALSE, FALSE } },
    { AC_ROLE_ADMIN, { TRUE, TRUE, TRUE, TRUE, TRUE } },
    { AC_ROLE_EMAIL_RESPONDER, { TRUE, TRUE, FALSE, FALSE, FALSE } },
    { AC_ROLE_DEVICE_RESPONDER, { TRUE, TRUE, FALSE, FALSE, FALSE } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    for (guint p = 0; p < AC_N_PERMISSIONS; p++)
      g_assert_cmpint (ac_role_may (table[i].role, (AcPermission)p), ==, table[i].may[p]);
}

static void
test_the_role_named_as_needed_has_the_permission (void)
{
  for (guint p = 0; p < AC_N_PERMISSIONS; p++)
    {
      AcRole role = ac_role_parse (ac_permission_needed_role ((AcPermission)p));

      g_assert_cmpint (role, !=, AC_ROLE_UNKNOWN);
      g_assert_true (ac_role_may (role, (AcPermission)p));
    }
}

/* Mail and devices are decided about by roles of their own, and by those who may do both. */
static void
test_what_each_role_decides_about (void)
{
  for (guint i = 1; i < ac_vocabulary_size (AC_VOCABULARY_ACTION_TYPE); i++)
    {
      AcActionType type = (AcActionType)i;
      gboolean device = type == AC_ACTION_TYPE_QUARANTINE_FILE;

      g_assert_true (ac_role_may_decide (AC_ROLE_ADMIN, type));
      g_assert_true (ac_role_may_decide (AC_ROLE_RESPONDER, type));
      g_assert_false (ac_role_may_decide (AC_ROLE_READER, type));
      g_assert_false (ac_role_may_decide (AC_ROLE_DETECTOR, type));
      g_assert_cmpint (ac_role_may_decide (AC_ROLE_EMAIL_RESPONDER, type), ==, !device);
      g_assert_cmpint (ac_role_may_decide (AC_ROLE_DEVICE_RESPONDER, type), ==, device);
      g_assert_true (ac_role_may_decide (ac_role_parse (ac_role_needed_to_decide (type)), type));
    }
  g_assert_false (ac_role_may_decide (AC_ROLE_EMAIL_RESPONDER, AC_ACTION_TYPE_UNKNOWN));
  g_assert_false (ac_role_may_decide (AC_ROLE_DEVICE_RESPONDER, AC_ACTION_TYPE_UNKNOWN));
}

static void
test_the_list_for_messages (void)
{
  g_autofree char *list = ac_vocabulary_list (AC_VOCABULARY_DECISION);

  g_assert_cmpstr (list, ==, "approve, reject, undo, retry");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/vocabulary/every-value-comes-back", test_every_value_comes_back);
  g_test_add_func ("/model/vocabulary/unknown-shown-raw",
                   test_an_unknown_spelling_is_shown_as_it_is);
  g_test_add_func ("/model/vocabulary/what-each-role-may", test_what_each_role_may);
  g_test_add_func ("/model/vocabulary/needed-role",
                   test_the_role_named_as_needed_has_the_permission);
  g_test_add_func ("/model/vocabulary/what-each-role-decides-about",
                   test_what_each_role_decides_about);
  g_test_add_func ("/model/vocabulary/list", test_the_list_for_messages);
  return g_test_run ();
}
