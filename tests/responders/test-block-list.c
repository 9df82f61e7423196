/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The block list says what its entries say, on disk and in memory, and a part of it is never taken
 * for the whole. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "model/ac-time.h"
#include "responders/ac-block-list-file.h"
#include "responders/ac-squid-answer.h"

#define SECOND G_TIME_SPAN_SECOND
#define PROXY AC_BLOCK_POINT_PROXY
#define DNS AC_BLOCK_POINT_DNS

static void
add (AcBlockList *list,
     AcBlockPoint point,
     AcUrlScope scope,
     const char *url,
     const char *action_id,
     const char *reason,
     gint64 expires_at)
{
  g_autoptr (AcUrlPattern) pattern = ac_url_pattern_new (scope, url, NULL);

  g_assert_nonnull (pattern);
  ac_block_list_add (list, ac_block_entry_new (point, pattern, action_id, reason, expires_at));
}

static AcBlockList *
make (void)
{
  AcBlockList *list = ac_block_list_new ();

  add (list, PROXY, AC_URL_SCOPE_URL, "http://evil.test/a?b=1", "a-1", "Phishing", AC_TIME_NONE);
  add (list, PROXY, AC_URL_SCOPE_ANY_QUERY, "http://evil.test/any", "a-2", NULL, 100 * SECOND);
  add (list, PROXY, AC_URL_SCOPE_HOST, "host.test", "a-3", "-", AC_TIME_NONE);
  add (list, PROXY, AC_URL_SCOPE_URL, "https://evil.test:80/", "a-5", NULL, AC_TIME_NONE);
  add (list, PROXY, AC_URL_SCOPE_URL, "http://evil.test:443/?a", "a-6", NULL, AC_TIME_NONE);
  add (list, PROXY, AC_URL_SCOPE_URL, "ftp://evil.test:443/", "a-7", NULL, AC_TIME_NONE);
  add (list, DNS, AC_URL_SCOPE_DOMAIN, "domain.test", "a-4", "M\303\274ll \"x\" \\ 100 %\n",
       200 * SECOND);
  add (list, PROXY, AC_URL_SCOPE_DOMAIN, "domain.test", "a-4", "Malware", 200 * SECOND);
  add (list, PROXY, AC_URL_SCOPE_URL, "http://evil.test/a?b=1", "odd id/\303\274%41", "Again",
       AC_TIME_NONE);
  return list;
}

static const char *
match (AcBlockList *list, const char *text, gint64 now)
{
  g_autoptr (AcUrl) url = ac_url_parse (text, -1, NULL);
  const AcBlockEntry *entry = ac_block_list_match (list, url, now);

  return entry != NULL ? entry->action_id : NULL;
}

static void
test_text (void)
{
  g_autoptr (AcBlockList) list = make ();
  g_autoptr (AcBlockList) again = NULL;
  g_autoptr (GError) error = NULL;
  gsize length, second_length;
  g_autofree char *text = ac_block_list_to_text (list, &length);
  g_autofree char *second = NULL;

  again = ac_block_list_new_from_text (text, length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ac_block_list_get_size (again), ==, ac_block_list_get_size (list));
  for (guint i = 0; i < ac_block_list_get_size (list); i++)
    {
      const AcBlockEntry *one = ac_block_list_get (list, i);
      const AcBlockEntry *other = ac_block_list_get (again, i);

      g_assert_cmpint (one->point, ==, other->point);
      g_assert_cmpint (one->pattern->scope, ==, other->pattern->scope);
      g_assert_cmpstr (one->pattern->key, ==, other->pattern->key);
      g_assert_cmpstr (one->action_id, ==, other->action_id);
      g_assert_cmpstr (one->reason, ==, other->reason);
      g_assert_cmpint (one->expires_at, ==, other->expires_at);
      g_assert_cmpint (one->left, ==, other->left);
    }
  second = ac_block_list_to_text (again, &second_length);
  g_assert_cmpstr (text, ==, second);
}

/* Programs from before, which are proxies' helpers above all, read on. */
static void
test_left (void)
{
  static const char *const reasons[] = { NULL, "-", "!", "%21name%21" };

  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    for (AcBlockLeft left = AC_BLOCK_LEFT_NOTHING; left <= AC_BLOCK_LEFT_BELOW; left++)
      {
        g_autoptr (AcUrlPattern) pattern =
            ac_url_pattern_new_from_key (AC_URL_SCOPE_DOMAIN, "evil.test");
        AcBlockEntry *entry =
            ac_block_entry_new (AC_BLOCK_POINT_DNS, pattern, "a-1", reasons[i], AC_TIME_NONE);
        g_autoptr (AcBlockList) list = ac_block_list_new ();
        g_autoptr (AcBlockList) again = NULL;
        g_autofree char *text = NULL;
        gsize length;

        entry->left = left;
        ac_block_list_add (list, entry);
        text = ac_block_list_to_text (list, &length);
        if (reasons[i] == NULL && left == AC_BLOCK_LEFT_NAME)
          g_assert_cmpstr (text, ==,
                           "action-center-block-list 1\n"
                           "dns domain - a-1 evil.test %21name%21-\nend 1\n");
        again = ac_block_list_new_from_text (text, length, NULL);
        g_assert_nonnull (again);
        g_assert_cmpint (ac_block_list_get (again, 0)->left, ==, left);
        g_assert_cmpstr (ac_block_list_get (again, 0)->reason, ==, reasons[i]);
      }
}

/* Whatever of it is missing at the end, and whatever is added: it is no list. */
static void
test_cut_off (void)
{
  g_autoptr (AcBlockList) list = make ();
  gsize length;
  g_autofree char *text = ac_block_list_to_text (list, &length);
  g_autofree char *longer = g_strconcat (text, "\n", NULL);

  for (gsize n = 0; n < length; n++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ac_block_list_new_from_text (text, n, &error));
      g_assert_error (error, AC_BLOCK_LIST_ERROR, AC_BLOCK_LIST_ERROR_UNREADABLE);
    }
  g_assert_null (ac_block_list_new_from_text (longer, length + 1, NULL));
}

static void
test_damaged (void)
{
  static const char *const lines[] = {
    "proxy url - a evil.test/",
    "proxy url - a evil.test/ - -",
    "mail url - a evil.test/ -",
    "proxy path - a evil.test/ -",
    "proxy url tomorrow a evil.test/ -",
    "proxy url - - evil.test/ -",
    "proxy url - a  -",
    "proxy url - %ff evil.test/ -",
    "proxy url - %00 evil.test/ -",
    "proxy url - a evil.test/ %zz",
    "proxy url - a [.evil.test -",
    "dns host - a [ -",
    "proxy url - a evil.test -",
    "proxy host - a evil.test/ -",
    "dns domain - a evil.test:80 -",
    "dns domain - a \303\274.test -",
    "proxy url - a :80/ -",
    "proxy url - a evil.test/ -\nproxy url - a evil.test/b -",
    "",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *text = g_strdup_printf ("action-center-block-list 1\n%s\nend %d\n", lines[i],
                                               strchr (lines[i], '\n') != NULL ? 2 : 1);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", lines[i]);
      g_assert_null (ac_block_list_new_from_text (text, strlen (text), &error));
      g_assert_error (error, AC_BLOCK_LIST_ERROR, AC_BLOCK_LIST_ERROR_UNREADABLE);
    }
}

static void
test_two_actions (void)
{
  g_autoptr (AcBlockList) list = make ();

  g_assert_nonnull (match (list, "http://evil.test/a?b=1", 0));
  g_assert_true (ac_block_list_remove (list, PROXY, "a-1"));
  g_assert_false (ac_block_list_remove (list, PROXY, "a-1"));
  g_assert_cmpstr (match (list, "http://evil.test/a?b=1", 0), ==, "odd id/\303\274%41");
  g_assert_true (ac_block_list_remove (list, PROXY, "odd id/\303\274%41"));
  g_assert_null (match (list, "http://evil.test/a?b=1", 0));
  /* What stands for one enforcement point does not stand for the other. */
  g_assert_true (ac_block_list_remove (list, PROXY, "a-4"));
  g_assert_null (match (list, "http://domain.test/", 0));
  g_assert_nonnull (ac_block_list_find (list, DNS, "a-4"));
}

static void
test_expiry (void)
{
  g_autoptr (AcBlockList) list = make ();

  g_assert_cmpstr (match (list, "http://evil.test/any?x", 100 * SECOND - 1), ==, "a-2");
  g_assert_null (match (list, "http://evil.test/any?x", 100 * SECOND));
  g_assert_cmpstr (match (list, "http://x.domain.test/", 199 * SECOND), ==, "a-4");
  g_assert_null (match (list, "http://x.domain.test/", 200 * SECOND));
}

/* --- properties --- */

static const char *const urls[] = {
  "http://evil.test/a",      "http://evil.test/a?b",       "http://evil.test:81/a",
  "http://x.evil.test/a?b",  "http://y.x.evil.test/",      "http://192.0.2.1/a",
  "http://other.test/a?b=c", "http://[2001:db8::1]/a?b=c", "http://evil.test.other.test/",
};

/* However entries come and go, what the list finds is what each entry by itself says. */
static void
test_random_histories (void)
{
  g_autoptr (AcBlockList) list = ac_block_list_new ();

  for (int step = 0; step < 4000; step++)
    {
      g_autofree char *id = g_strdup_printf ("a-%d", g_test_rand_int_range (0, 12));
      AcBlockPoint point = g_test_rand_bit () ? PROXY : DNS;
      const char *text = urls[g_test_rand_int_range (0, G_N_ELEMENTS (urls))];
      AcUrlScope scope =
          (AcUrlScope)g_test_rand_int_range (AC_URL_SCOPE_URL, AC_URL_SCOPE_DOMAIN + 1);
      g_autoptr (AcUrl) url = ac_url_parse (text, -1, NULL);
      g_autoptr (AcUrlPattern) pattern = ac_url_pattern_new (scope, text, NULL);
      g_autoptr (GPtrArray) covering = NULL;
      guint n_covering = 0;
      gboolean is_blocked = FALSE;

      if (!ac_block_list_remove (list, point, id))
        add (list, point, scope, urls[g_test_rand_int_range (0, G_N_ELEMENTS (urls))], id, NULL,
             g_test_rand_bit () ? AC_TIME_NONE : g_test_rand_int_range (0, 3) * SECOND);
      for (guint i = 0; i < ac_block_list_get_size (list); i++)
        {
          const AcBlockEntry *entry = ac_block_list_get (list, i);

          if (ac_block_entry_is_over (entry, SECOND))
            continue;
          is_blocked |= entry->point == PROXY && ac_url_pattern_matches (entry->pattern, url);
          n_covering += entry->point == point && strcmp (entry->action_id, id) != 0 &&
                        ac_url_pattern_covers (entry->pattern, pattern);
        }
      g_assert_cmpint (ac_block_list_match (list, url, SECOND) != NULL, ==, is_blocked);
      covering = ac_block_list_covering (list, point, pattern, id, SECOND);
      g_assert_cmpuint (covering->len, ==, n_covering);
    }
}

/* --- the file --- */

static void
test_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("ac-list-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "blocked", NULL);
  g_autofree char *lock_path = g_strconcat (path, ".lock", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "no", "blocked", NULL);
  g_autoptr (AcBlockList) list = make ();
  g_autoptr (AcBlockList) again = NULL;
  g_autoptr (GError) error = NULL;
  struct stat status;
  mode_t mask = umask (0077);
  int lock;

  g_assert_null (ac_block_list_load (path, NULL, &error));
  g_assert_error (error, AC_BLOCK_LIST_ERROR, AC_BLOCK_LIST_ERROR_MISSING);
  g_clear_error (&error);
  lock = ac_block_list_lock (path, ".lock", &error);
  g_assert_no_error (error);
  g_assert_cmpint (lock, >=, 0);
  g_assert_true (ac_block_list_save (list, path, &error));
  g_assert_no_error (error);
  g_close (lock, NULL);
  again = ac_block_list_load (path, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ac_block_list_get_size (again), ==, ac_block_list_get_size (list));
  g_assert_cmpint (status.st_mode & 07777, ==, 0644);
  g_assert_false (ac_block_list_save (list, nowhere, &error));
  g_assert_error (error, AC_BLOCK_LIST_ERROR, AC_BLOCK_LIST_ERROR_ACCESS);
  g_clear_error (&error);
  g_assert_null (ac_block_list_load (folder, NULL, &error));
  g_assert_error (error, AC_BLOCK_LIST_ERROR, AC_BLOCK_LIST_ERROR_UNREADABLE);
  umask (mask);
  g_unlink (path);
  g_unlink (lock_path);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* --- Squid --- */

static void
test_squid (void)
{
  static const struct
  {
    const char *line;
    const char *answer;
  } rows[] = {
    { "GET http://evil.test/a%3Fb=1 -",
      "OK message=\"Blocked by the action a-1: Phishing.\" tag=\"a-1\"\n" },
    { "7 GET http://evil.test/a?b=1",
      "7 OK message=\"Blocked by the action a-1: Phishing.\" tag=\"a-1\"\n" },
    { "0 POST HTTP://EVIL.test:80/%2561?b=1 -",
      "0 OK message=\"Blocked by the action a-1: Phishing.\" tag=\"a-1\"\n" },
    { "7 GET http://evil.test/a -", "7 ERR\n" },
    { "7 GET http://evil.test/any?x -",
      "7 OK message=\"Blocked by the action a-2.\" tag=\"a-2\"\n" },
    { "8 CONNECT evil.test:443 -", "8 ERR\n" },
    { "8 CONNECT HOST.test.:443 -",
      "8 OK message=\"Blocked by the action a-3: -.\" tag=\"a-3\"\n" },
    { "8 CONNECT a.domain.test:8443 -",
      "8 OK message=\"Blocked by the action a-4: Malware.\" tag=\"a-4\"\n" },
    { "8 CONNECT %5B::1%5D:443 -", "8 ERR\n" },
    { "9 GET http://%5B::1%5D/ -", "9 ERR\n" },
    { "9 GET urn:isbn:1 -", "9 ERR\n" },
    { "9 GET http://ev%25il.test/ -",
      "9 OK message=\"This is not a URL: its host is neither a name nor an address.\"\n" },
    { "9 GET", "9 OK message=\"This is not a URL: it does not begin with http: or https:.\"\n" },
    { "", "OK message=\"This is not a URL: it does not begin with http: or https:.\"\n" },
  };
  g_autoptr (AcBlockList) list = make ();

  g_assert_true (ac_block_list_remove (list, PROXY, "odd id/\303\274%41"));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *answer =
          ac_squid_answer (list, NULL, FALSE, rows[i].line, strlen (rows[i].line), 0);

      g_assert_cmpstr (answer, ==, rows[i].answer);
    }
}

static void
test_squid_is_told_in_its_own_quotes (void)
{
  g_autoptr (AcBlockList) list = ac_block_list_new ();
  g_autofree char *answer = NULL;
  const char *line = "1 GET http://evil.test/";

  add (list, PROXY, AC_URL_SCOPE_URL, "http://evil.test/", "i\"d", "\303\274 \"a\\b\"\nOK tag=x",
       AC_TIME_NONE);
  answer = ac_squid_answer (list, NULL, FALSE, line, strlen (line), 0);
  g_assert_cmpstr (answer, ==,
                   "1 OK message=\"Blocked by the action i\\\"d: u \\\"a\\\\b\\\" OK tag=x.\" "
                   "tag=\"i\\\"d\"\n");
}

static void
test_squid_without_a_list (void)
{
  const char *line = "1 GET http://good.test/";
  g_autofree char *closed = ac_squid_answer (NULL, "No list.", FALSE, line, strlen (line), 0);
  g_autofree char *open = ac_squid_answer (NULL, "No list.", TRUE, line, strlen (line), 0);

  g_assert_cmpstr (closed, ==, "1 OK message=\"No list.\"\n");
  g_assert_cmpstr (open, ==, "1 ERR message=\"No list.\"\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/responders/block-list/what-is-written-is-read", test_text);
  g_test_add_func ("/responders/block-list/what-a-block-leaves-is-read", test_left);
  g_test_add_func ("/responders/block-list/a-part-is-no-list", test_cut_off);
  g_test_add_func ("/responders/block-list/a-damaged-list-is-no-list", test_damaged);
  g_test_add_func ("/responders/block-list/two-actions-block-the-same", test_two_actions);
  g_test_add_func ("/responders/block-list/an-entry-ends-in-time", test_expiry);
  g_test_add_func ("/responders/block-list/it-finds-what-its-entries-say", test_random_histories);
  g_test_add_func ("/responders/block-list/on-disk-everybody-may-read-it", test_file);
  g_test_add_func ("/responders/squid/answers", test_squid);
  g_test_add_func ("/responders/squid/nothing-breaks-out-of-its-quotes",
                   test_squid_is_told_in_its_own_quotes);
  g_test_add_func ("/responders/squid/without-a-list", test_squid_without_a_list);
  return g_test_run ();
}
