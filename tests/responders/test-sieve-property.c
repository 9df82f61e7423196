/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random scripts, each run on messages that answer its tests in every way: what is taken out leaves
 * the rest of the script byte for byte, is found no second time, sends nothing outside any more,
 * and loses no message that went somewhere before. The seed is GLib's, printed with each run. */
#include "config.h"

#include <string.h>

#include "../scaled.h"
#include "responders/ac-sieve-redirects.h"

#define N_SCRIPTS 20000
#define N_TESTS 8 /* different ones in a script, so that 256 messages are all there are */
#define MAX_DEPTH 5

static const char *const domains[] = { "example.test", NULL };

/* A script as it is made: pieces, each either text or a redirect to outside. */
typedef struct
{
  GString *text;
  GArray *redirects; /* of Spot */
  int budget;
} Maker;

typedef struct
{
  gsize from;
  gsize to;
  gsize line_from; /* with the whole line, when it is alone on it */
  gsize line_to;
} Spot;

static const char *
one_of (const char *const *words)
{
  return words[g_test_rand_int_range (0, (gint32)g_strv_length ((GStrv)words))];
}

static void
add_space (Maker *maker)
{
  static const char *const spaces[] = {
    "",
    " ",
    "\r\n",
    "\n",
    "\t",
    " # redirect \"a@evil.test\";\n",
    "/* redirect \"b@evil.test\"; */",
    "\r\n  ",
    NULL,
  };

  g_string_append (maker->text, one_of (spaces));
}

static void
add_redirect (Maker *maker)
{
  static const char *const redirects[] = {
    "redirect \"a@evil.test\";",
    "redirect :copy \"b@evil.test\";",
    "Redirect /* ; */ text: # \"\r\nc@evil.test\r\n.\r\n;",
    "redirect \"${who}@example.test\"\n;",
    "redirect :list \"urn:list\" ;",
    "redirect :notify \"x\" \"d@evil.test\";",
    NULL,
  };
  gboolean alone = g_test_rand_bit ();
  Spot spot;

  if (alone)
    g_string_append_c (maker->text, '\n');
  spot.line_from = maker->text->len;
  if (alone)
    g_string_append (maker->text, "  ");
  spot.from = maker->text->len;
  g_string_append (maker->text, one_of (redirects));
  spot.to = maker->text->len;
  if (alone)
    g_string_append (maker->text, g_test_rand_bit () ? " \r\n" : "\n");
  else
    {
      /* Something stands on its line, before and behind. */
      g_string_insert (maker->text, (gssize)spot.from, "/**/");
      spot.from += 4;
      spot.to += 4;
      g_string_append (maker->text, "/**/");
    }
  spot.line_to = maker->text->len;
  if (!alone)
    {
      spot.line_from = spot.from;
      spot.line_to = spot.to;
    }
  g_array_append_val (maker->redirects, spot);
}

static void add_block (Maker *maker, guint depth);

static void
add_branch (Maker *maker, const char *word, guint depth)
{
  g_string_append (maker->text, word);
  if (!g_str_equal (word, "else"))
    g_string_append_printf (maker->text, " header :is \"t\" \"%d\"",
                            g_test_rand_int_range (0, N_TESTS));
  add_space (maker);
  g_string_append_c (maker->text, '{');
  add_block (maker, depth + 1);
  g_string_append_c (maker->text, '}');
  add_space (maker);
}

static void
add_command (Maker *maker, guint depth)
{
  static const char *const commands[] = {
    "keep;",
    "discard;",
    "stop;",
    "fileinto \"x\";",
    "redirect \"in@example.test\";",
    "set \"a\" \"redirect \\\"a@evil.test\\\";\";",
    "vacation text:\nredirect \"a@evil.test\";\n.\n;",
    "redirect :copy \"in@example.test\";",
    "addflag \"\\\\Seen\";",
    "discard ;",
    NULL,
  };
  int choice = g_test_rand_int_range (0, 10);

  if (choice < 3 && depth < MAX_DEPTH)
    {
      add_branch (maker, "if", depth);
      while (g_test_rand_int_range (0, 3) == 0)
        add_branch (maker, "elsif", depth);
      if (g_test_rand_bit ())
        add_branch (maker, "else", depth);
    }
  else if (choice < 6)
    add_redirect (maker);
  else
    g_string_append (maker->text, one_of (commands));
}

static void
add_block (Maker *maker, guint depth)
{
  for (add_space (maker); maker->budget > 0 && g_test_rand_int_range (0, 4) > 0; add_space (maker))
    {
      maker->budget--;
      add_command (maker, depth);
    }
}

/* What became of a message: RFC 5228 section 2.10.2. */
typedef struct
{
  gboolean kept;
  gboolean filed;
  gboolean inside;  /* sent to somebody of the organisation */
  gboolean outside; /* sent to anybody else */
  gboolean discarded;
  gboolean cancelled; /* no implicit keep */
  gboolean stopped;
} Fate;

typedef struct
{
  const AcSieveScript *script;
  guint message; /* one bit for the answer to each test */
  Fate fate;
} Run;

static gboolean
answers (const Run *run, const AcSieveCommand *command)
{
  g_autofree char *number = ac_sieve_command_dup_last_string (run->script, command);

  return (run->message >> g_ascii_strtoull (number, NULL, 10)) & 1;
}

static void
run_block (Run *run, GPtrArray *block)
{
  gboolean taken = FALSE;

  for (guint i = 0; i < block->len && !run->fate.stopped; i++)
    {
      const AcSieveCommand *command = block->pdata[i];

      if (command->block != NULL)
        {
          if (g_str_equal (command->name, "if"))
            taken = FALSE;
          if (!taken && (g_str_equal (command->name, "else") || answers (run, command)))
            {
              taken = TRUE;
              run_block (run, command->block);
            }
        }
      else if (g_str_equal (command->name, "keep"))
        run->fate.kept = TRUE;
      else if (g_str_equal (command->name, "fileinto"))
        run->fate.filed = run->fate.cancelled = TRUE;
      else if (g_str_equal (command->name, "discard"))
        run->fate.discarded = run->fate.cancelled = TRUE;
      else if (g_str_equal (command->name, "stop"))
        run->fate.stopped = TRUE;
      else if (g_str_equal (command->name, "redirect"))
        {
          g_autofree char *address = ac_sieve_command_dup_last_string (run->script, command);

          if (g_str_equal (address, "in@example.test"))
            run->fate.inside = TRUE;
          else
            run->fate.outside = TRUE;
          if (!ac_sieve_command_has_tag (run->script, command, "copy"))
            run->fate.cancelled = TRUE;
        }
    }
}

static Fate
fate_of (const AcSieveScript *script, guint message)
{
  Run run = { .script = script, .message = message };

  run_block (&run, script->commands);
  run.fate.kept |= !run.fate.cancelled;
  run.fate.stopped = run.fate.cancelled = FALSE;
  return run.fate;
}

static void
check_fates (const char *before, const AcSieveRedirects *redirects)
{
  g_autoptr (AcSieveScript) old = ac_sieve_script_parse (before, strlen (before), NULL);
  g_autoptr (AcSieveScript) new = ac_sieve_script_parse (redirects->text, redirects->length, NULL);

  g_assert_nonnull (new);
  for (guint message = 0; message < 1 << N_TESTS; message++)
    {
      Fate was = fate_of (old, message);
      Fate is = fate_of (new, message);

      g_assert_false (is.outside);
      g_assert_cmpint (is.filed, ==, was.filed);
      g_assert_cmpint (is.inside, ==, was.inside);
      g_assert_cmpint (is.discarded, ==, was.discarded);
      if (!was.outside)
        g_assert_cmpint (is.kept, ==, was.kept);
      else
        g_assert_true (is.kept || is.filed || is.inside);
      if (was.kept)
        g_assert_true (is.kept);
    }
}

static void
check_bytes (const Maker *maker, const AcSieveRedirects *redirects)
{
  g_autoptr (GString) expected = g_string_new (NULL);
  gsize done = 0;

  g_assert_cmpuint (redirects->removed->len, ==, maker->redirects->len);
  for (guint i = 0; i < maker->redirects->len; i++)
    {
      const Spot *spot = &g_array_index (maker->redirects, Spot, i);
      const AcSieveTarget *target = redirects->removed->pdata[i];
      gsize from = target->keeps ? spot->from : spot->line_from;

      g_string_append_len (expected, maker->text->str + done, (gssize)(from - done));
      if (target->keeps)
        g_string_append (expected, "keep;");
      done = target->keeps ? spot->to : spot->line_to;
    }
  g_string_append (expected, maker->text->str + done);
  g_assert_cmpstr (redirects->text, ==, expected->str);
}

static void
test_random_scripts (void)
{
  const guint n = scaled (N_SCRIPTS);

  for (guint i = 0; i < n; i++)
    {
      Maker maker = { g_string_new (NULL), g_array_new (FALSE, FALSE, sizeof (Spot)), 14 };
      g_autoptr (AcSieveRedirects) redirects = NULL;
      g_autoptr (AcSieveRedirects) again = NULL;
      g_autoptr (GError) error = NULL;

      add_block (&maker, 0);
      redirects = ac_sieve_redirects_new (maker.text->str, maker.text->len, domains, &error);
      g_assert_no_error (error);
      check_bytes (&maker, redirects);
      if (i % 20 == 0)
        check_fates (maker.text->str, redirects);
      again = ac_sieve_redirects_new (redirects->text, redirects->length, domains, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (again->removed->len, ==, 0);
      g_assert_cmpstr (again->text, ==, redirects->text);
      g_string_free (maker.text, TRUE);
      g_array_unref (maker.redirects);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/responders/sieve-redirects/random-scripts", test_random_scripts);
  return g_test_run ();
}
