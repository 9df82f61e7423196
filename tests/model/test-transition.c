/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-transition.h"

/* The life of an action as the design draws it, written down a second time and in another form. */
static const char *const drawn[] = {
  "pending -approve-> queued",
  "pending -reject-> rejected",
  "pending -expire-> expired",
  "pending -nothingLeft-> cancelled",
  "queued -start-> running",
  "queued -takeBack-> pending",
  "queued -targetsChanged-> pending",
  "running -succeed-> completed",
  "running -succeedPartly-> partlyCompleted",
  "running -fail-> failed",
  "failed -retry-> queued",
  "partlyCompleted -retry-> queued",
  "completed -undo-> undoQueued",
  "partlyCompleted -undo-> undoQueued",
  "undoQueued -start-> undoing",
  "undoing -succeed-> undone",
  "undoing -succeedPartly-> undoFailed",
  "undoing -undoSome-> completed",
  "undoing -undoSomePartly-> partlyCompleted",
  "undoing -fail-> undoFailed",
  "undoFailed -retry-> undoQueued",
};

static void
test_exactly_the_drawn_transitions (void)
{
  g_autoptr (GHashTable) expected = g_hash_table_new (g_str_hash, g_str_equal);
  guint found = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (drawn); i++)
    g_hash_table_add (expected, (gpointer)drawn[i]);

  for (guint from = 1; from < ac_vocabulary_size (AC_VOCABULARY_STATUS); from++)
    for (guint event = 0; event < AC_N_EVENTS; event++)
      {
        g_autofree char *arrow = NULL;
        AcStatus to;

        if (!ac_transition_find ((AcStatus)from, (AcEvent)event, &to))
          continue;
        arrow = g_strdup_printf ("%s -%s-> %s", ac_status_wire (from),
                                 ac_event_name ((AcEvent)event), ac_status_wire (to));
        if (!g_hash_table_contains (expected, arrow))
          g_error ("not in the design: %s", arrow);
        found++;
      }
  g_assert_cmpuint (found, ==, G_N_ELEMENTS (drawn));
}

static void
test_an_unknown_status_allows_nothing (void)
{
  for (guint event = 0; event < AC_N_EVENTS; event++)
    g_assert_false (ac_transition_find (AC_STATUS_UNKNOWN, (AcEvent)event, NULL));
}

static void
test_final_statuses (void)
{
  for (guint status = 1; status < ac_vocabulary_size (AC_VOCABULARY_STATUS); status++)
    {
      gboolean final = status == AC_STATUS_REJECTED || status == AC_STATUS_EXPIRED ||
                       status == AC_STATUS_CANCELLED || status == AC_STATUS_UNDONE;

      g_assert_cmpint (ac_transition_is_final ((AcStatus)status), ==, final);
    }
}

/* Random histories: whatever happens, an action is only carried out after an approval and only
 * undone after it was carried out. */
static void
test_random_histories_keep_the_order (void)
{
  for (guint history = 0; history < 2000; history++)
    {
      AcStatus status = AC_STATUS_PENDING;
      gboolean approved = FALSE;
      gboolean carried_out = FALSE;

      for (guint step = 0; step < 40; step++)
        {
          AcEvent event = (AcEvent)g_test_rand_int_range (0, AC_N_EVENTS);
          AcStatus next;

          if (!ac_transition_find (status, event, &next))
            continue;
          if (event == AC_EVENT_APPROVE)
            approved = TRUE;
          if (event == AC_EVENT_TAKE_BACK)
            approved = carried_out;
          if (next == AC_STATUS_RUNNING)
            g_assert_true (approved);
          if (next == AC_STATUS_COMPLETED || next == AC_STATUS_PARTLY_COMPLETED)
            carried_out = TRUE;
          if (next == AC_STATUS_UNDO_QUEUED)
            g_assert_true (carried_out);
          status = next;
        }
    }
}

static void
test_every_decision_is_an_event_of_its_name (void)
{
  AcEvent event;

  for (guint decision = 1; decision < ac_vocabulary_size (AC_VOCABULARY_DECISION); decision++)
    {
      g_assert_true (ac_event_from_decision ((AcDecision)decision, &event));
      g_assert_cmpstr (ac_event_name (event), ==, ac_decision_wire (decision));
    }
  g_assert_false (ac_event_from_decision (AC_DECISION_UNKNOWN, &event));
}

static void
test_the_table_for_the_docs_has_a_row_each (void)
{
  g_autofree char *text = ac_transition_to_markdown ();
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_cmpuint (g_strv_length (lines), ==, 2 + G_N_ELEMENTS (drawn) + 1);
  g_assert_nonnull (strstr (text, "| pending | approve | queued |\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/transition/exactly-the-drawn", test_exactly_the_drawn_transitions);
  g_test_add_func ("/model/transition/unknown-allows-nothing",
                   test_an_unknown_status_allows_nothing);
  g_test_add_func ("/model/transition/final-statuses", test_final_statuses);
  g_test_add_func ("/model/transition/random-histories", test_random_histories_keep_the_order);
  g_test_add_func ("/model/transition/decisions-are-events",
                   test_every_decision_is_an_event_of_its_name);
  g_test_add_func ("/model/transition/table-for-the-docs",
                   test_the_table_for_the_docs_has_a_row_each);
  return g_test_run ();
}
