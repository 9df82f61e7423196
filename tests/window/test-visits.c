/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-keys.h"
#include "window/ac-visits.h"

static void
assert_step (AcVisits *visits, int by, const char *page, const char *id)
{
  const AcVisit *visit = ac_visits_step (visits, by);

  g_assert_nonnull (visit);
  g_assert_cmpstr (visit->page, ==, page);
  g_assert_cmpstr (visit->id, ==, id);
}

static void
test_one_goes_back_and_forward_through_what_was_looked_at (void)
{
  g_autoptr (AcVisits) visits = ac_visits_new ();

  g_assert_null (ac_visits_get_current (visits));
  g_assert_false (ac_visits_can_step (visits, -1));
  g_assert_null (ac_visits_step (visits, 1));
  ac_visits_add (visits, "list", NULL);
  ac_visits_add (visits, "list", "a");
  ac_visits_add (visits, "list", "a");
  ac_visits_add (visits, "list", NULL);
  ac_visits_add (visits, "list", "b");
  ac_visits_add (visits, "other", NULL);
  assert_step (visits, -1, "list", "b");
  assert_step (visits, -1, "list", "a");
  g_assert_cmpstr (ac_visits_get_current (visits)->id, ==, "a");
  g_assert_false (ac_visits_can_step (visits, -1));
  assert_step (visits, 1, "list", "b");
  /* Whoever turns off on the way forgets what lay ahead. */
  ac_visits_add (visits, "list", "c");
  g_assert_false (ac_visits_can_step (visits, 1));
  assert_step (visits, -1, "list", "b");
}

static void
test_the_oldest_visits_are_forgotten (void)
{
  g_autoptr (AcVisits) visits = ac_visits_new ();
  guint n_back = 0;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      ac_visits_add (visits, "list", id);
    }
  assert_step (visits, -1, "list", "998");
  while (ac_visits_step (visits, -1) != NULL)
    n_back++;
  g_assert_cmpuint (n_back, ==, 198);
}

static void
test_each_key_can_be_pressed_and_does_one_thing (void)
{
  g_autoptr (GHashTable) bound = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const AcKey *key;
  gsize n_keys;

  for (n_keys = 0; (key = ac_keys_get (n_keys)) != NULL; n_keys++)
    {
      g_auto (GStrv) accels = g_strsplit (key->accels, " ", -1);

      for (guint i = 0; accels[i] != NULL; i++)
        {
          GdkModifierType modifiers;
          guint keyval;

          g_assert_true (gtk_accelerator_parse (accels[i], &keyval, &modifiers));
          g_assert_true (g_hash_table_add (bound, gtk_accelerator_name (keyval, modifiers)));
        }
      g_assert_true ((key->action == NULL) == (key->scope == AC_KEY_OF_GTK));
      if (key->action != NULL)
        {
          g_autofree char *name = NULL;
          g_autoptr (GVariant) target = NULL;

          g_assert_true (g_action_parse_detailed_name (key->action, &name, &target, NULL));
        }
    }
  g_assert_cmpuint (n_keys, >, 20);
}

static void
test_the_manual_tells_each_key (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("AC_SOURCE_ROOT"), "data", "man", "action-center.1", NULL);
  g_autofree char *manual = NULL;
  g_autoptr (GError) error = NULL;
  const AcKey *key;

  g_file_get_contents (path, &manual, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; (key = ac_keys_get (i)) != NULL; i++)
    {
      g_autofree char *line = g_strdup_printf ("\n%s.\n", key->title);

      if (strstr (manual, line) == NULL)
        g_error ("The manual does not tell the key for “%s”", key->title);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/window/visits/back-and-forward",
                   test_one_goes_back_and_forward_through_what_was_looked_at);
  g_test_add_func ("/window/visits/oldest", test_the_oldest_visits_are_forgotten);
  g_test_add_func ("/window/keys/each", test_each_key_can_be_pressed_and_does_one_thing);
  g_test_add_func ("/window/keys/manual", test_the_manual_tells_each_key);
  return g_test_run ();
}
