/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message stays in the mailbox by Sieve's implicit keep (RFC 5228 section 2.10.2), which a
 * redirect cancels, so that taking the redirect out is mostly all that there is to do: an “if”
 * around it keeps its empty block, and a “stop” behind it still ends the script. It is not enough
 * where the same message may also meet a command that throws it away or may do so: then a “keep” is
 * put in the place of the redirect, because otherwise the message that was sent away would now be
 * lost. A keep too many costs at most a second copy, of a message that is filed in a folder as
 * well. */
#include "config.h"

#include <string.h>

#include "responders/ac-sieve-address.h"
#include "responders/ac-sieve-redirects.h"

#define KEEP "keep;"

typedef struct
{
  const AcSieveScript *script;
  const char *const *domains;
  AcSieveRedirects *result;
  GString *out;
  GPtrArray *losers; /* of AcSieveCommand: commands after which the message may be nowhere */
  gsize done;        /* up to this byte the script is in out */
} Walk;

static void
target_free (AcSieveTarget *target)
{
  g_free (target->text);
  g_free (target);
}

static void
include_free (AcSieveInclude *include)
{
  g_free (include->name);
  g_free (include);
}

void
ac_sieve_redirects_free (AcSieveRedirects *redirects)
{
  g_free (redirects->text);
  g_ptr_array_unref (redirects->removed);
  g_ptr_array_unref (redirects->inside);
  g_ptr_array_unref (redirects->includes);
  g_free (redirects);
}

/* --- may the message be lost? --- */

/* Commands that leave a message where the script puts it. Any other one, from discard to those of
 * extensions that we do not know, may be the end of it; reject is not, because then its sender is
 * told. */
static gboolean
is_harmless (const char *name)
{
  static const char *const harmless[] = {
    "addflag",    "addheader",   "break",    "convert", "debug_log",    "deleteheader",
    "else",       "elsif",       "enclose",  "ereject", "error",        "execute",
    "export",     "extracttext", "fileinto", "filter",  "foreverypart", "global",
    "if",         "import",      "keep",     "notify",  "redirect",     "reject",
    "removeflag", "replace",     "require",  "return",  "set",          "setflag",
    "stop",       "vacation",    NULL,
  };

  return g_strv_contains (harmless, name);
}

static GPtrArray *
siblings (const Walk *walk, const AcSieveCommand *command)
{
  return command->parent != NULL ? command->parent->block : walk->script->commands;
}

static guint
depth_of (const AcSieveCommand *command)
{
  guint depth = 0;

  for (; command->parent != NULL; command = command->parent)
    depth++;
  return depth;
}

/* Whether the script surely ends between two places of one block. */
static gboolean
ends_between (const Walk *walk, const AcSieveCommand *from, guint until)
{
  GPtrArray *block = siblings (walk, from);

  for (guint i = from->index + 1; i < until && i < block->len; i++)
    {
      const AcSieveCommand *command = block->pdata[i];

      /* RFC 6609 section 3.3: outside an included script return is stop. */
      if (g_str_equal (command->name, "stop") || g_str_equal (command->name, "return"))
        return TRUE;
    }
  return FALSE;
}

/* Whether the later of two siblings is another branch of the chain that the earlier one is in. */
static gboolean
are_branches_of_one_if (const Walk *walk,
                        const AcSieveCommand *earlier,
                        const AcSieveCommand *later)
{
  GPtrArray *block = siblings (walk, earlier);

  for (guint i = earlier->index + 1; i <= later->index; i++)
    {
      const AcSieveCommand *command = block->pdata[i];

      if (!g_str_equal (command->name, "elsif") && !g_str_equal (command->name, "else"))
        return FALSE;
    }
  return TRUE;
}

/* Whether one message may meet both commands. In doubt it may. */
static gboolean
may_meet_both (const Walk *walk, const AcSieveCommand *one, const AcSieveCommand *other)
{
  const AcSieveCommand *a = one;
  const AcSieveCommand *b = other;
  const AcSieveCommand *inner;
  guint depth_a = depth_of (a);
  guint depth_b = depth_of (b);

  for (; depth_a > depth_b; depth_a--)
    a = a->parent;
  for (; depth_b > depth_a; depth_b--)
    b = b->parent;
  for (; a->parent != b->parent; b = b->parent)
    a = a->parent;
  if (a == b)
    return TRUE;
  /* RFC 5703 section 3: in a loop each branch may have its turn. */
  for (const AcSieveCommand *loop = a->parent; loop != NULL; loop = loop->parent)
    if (g_str_equal (loop->name, "foreverypart"))
      return TRUE;
  if (a->index > b->index)
    {
      const AcSieveCommand *swap = a;

      a = b;
      b = swap;
      one = other;
    }
  if (are_branches_of_one_if (walk, a, b))
    return FALSE;
  for (inner = one; inner != a; inner = inner->parent)
    if (ends_between (walk, inner, G_MAXUINT))
      return FALSE;
  return !ends_between (walk, a, b->index);
}

static gboolean
may_be_lost (const Walk *walk, const AcSieveCommand *redirect)
{
  for (guint i = 0; i < walk->losers->len; i++)
    if (may_meet_both (walk, redirect, walk->losers->pdata[i]))
      return TRUE;
  return FALSE;
}

/* --- where a redirect goes --- */

/* Tags of redirect that have a value (RFC 6009). */
static gboolean
tag_has_value (const char *tag)
{
  static const char *const tags[] = {
    "notify", "ret", "bytimerelative", "bytimeabsolute", "bymode", NULL,
  };

  return g_strv_contains (tags, tag);
}

/* The one string that is no tag's value. A redirect that is written in any other way may be
 * understood by a server in a way that we do not know. */
static char *
dup_address (const AcSieveScript *script, const AcSieveCommand *redirect)
{
  const AcSieveToken *address = NULL;

  for (guint i = redirect->first + 1; i < redirect->arguments_end; i++)
    {
      const AcSieveToken *token = ac_sieve_script_get_token (script, i);

      if (token->kind == AC_SIEVE_TOKEN_TAG)
        {
          g_autofree char *tag = ac_sieve_token_dup_text (token, script->text);

          i += tag_has_value (tag);
        }
      else if (address == NULL &&
               (token->kind == AC_SIEVE_TOKEN_STRING || token->kind == AC_SIEVE_TOKEN_MULTI_LINE))
        address = token;
      else
        return NULL;
    }
  return address != NULL ? ac_sieve_token_dup_text (address, script->text) : NULL;
}

static char *
dup_source (const AcSieveScript *script, guint first, guint last)
{
  gsize from = ac_sieve_script_get_token (script, first)->from;
  gsize to = ac_sieve_script_get_token (script, last)->to;

  return g_utf8_make_valid (script->text + from, (gssize)(to - from));
}

/* NULL: to an address of the organisation. */
static AcSieveTarget *
look_at_redirect (Walk *walk, const AcSieveCommand *redirect)
{
  g_autofree char *address = dup_address (walk->script, redirect);
  AcSieveTarget *target = NULL;
  AcSieveTargetKind kind = AC_SIEVE_TARGET_ADDRESS;

  if (address == NULL)
    kind = AC_SIEVE_TARGET_UNREADABLE;
  else if (ac_sieve_command_has_tag (walk->script, redirect, "list"))
    kind = AC_SIEVE_TARGET_LIST;
  /* Also where the script does not ask for the extension: it costs nothing to be careful. The same
   * mark begins RFC 5228 section 2.4.2.4's encoded characters, which may hide an “@”. */
  else if (strstr (address, "${") != NULL)
    kind = AC_SIEVE_TARGET_VARIABLE;
  else if (ac_sieve_address_is_inside (address, walk->domains))
    {
      g_ptr_array_add (walk->result->inside, g_steal_pointer (&address));
      return NULL;
    }
  target = g_new0 (AcSieveTarget, 1);
  target->kind = kind;
  target->line = ac_sieve_script_get_token (walk->script, redirect->first)->line;
  if (address != NULL)
    {
      g_autofree char *valid = g_utf8_make_valid (address, -1);

      target->text = g_strdup (g_strstrip (valid));
    }
  else
    target->text = dup_source (walk->script, redirect->first, redirect->last);
  return target;
}

/* --- the script without it --- */

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

/* The bytes of a command; with its line's blanks and end when nothing else stands on the line. */
static void
find_range (const AcSieveScript *script, const AcSieveCommand *command, gsize *from, gsize *to)
{
  gsize begin;
  gsize end;

  *from = begin = ac_sieve_script_get_token (script, command->first)->from;
  *to = end = ac_sieve_script_get_token (script, command->last)->to;
  while (begin > 0 && is_blank (script->text[begin - 1]))
    begin--;
  while (end < script->length && is_blank (script->text[end]))
    end++;
  if (begin > 0 && script->text[begin - 1] != '\n')
    return;
  if (end < script->length && script->text[end] == '\r')
    end++;
  if (end < script->length && script->text[end] != '\n')
    return;
  *from = begin;
  *to = MIN (end + 1, script->length);
}

static void
take_out (Walk *walk, const AcSieveCommand *redirect, gboolean keeps)
{
  gsize from = ac_sieve_script_get_token (walk->script, redirect->first)->from;
  gsize to = ac_sieve_script_get_token (walk->script, redirect->last)->to;

  if (!keeps)
    find_range (walk->script, redirect, &from, &to);
  g_string_append_len (walk->out, walk->script->text + walk->done, (gssize)(from - walk->done));
  if (keeps)
    g_string_append (walk->out, KEEP);
  walk->done = to;
}

static void
note_include (Walk *walk, const AcSieveCommand *command)
{
  g_autofree char *name = ac_sieve_command_dup_last_string (walk->script, command);
  gboolean is_global = ac_sieve_command_has_tag (walk->script, command, "global");
  AcSieveInclude *include;

  if (name == NULL)
    name = dup_source (walk->script, command->first, command->last);
  for (guint i = 0; i < walk->result->includes->len; i++)
    {
      include = walk->result->includes->pdata[i];
      if (include->is_global == is_global && g_str_equal (include->name, name))
        return;
    }
  include = g_new0 (AcSieveInclude, 1);
  include->name = g_utf8_make_valid (name, -1);
  include->is_global = is_global;
  g_ptr_array_add (walk->result->includes, include);
}

static void
find_losers_cb (const AcSieveCommand *command, gpointer user_data)
{
  Walk *walk = user_data;

  if (!is_harmless (command->name))
    g_ptr_array_add (walk->losers, (gpointer)command);
  if (g_str_equal (command->name, "include"))
    note_include (walk, command);
}

static void
take_redirects_cb (const AcSieveCommand *command, gpointer user_data)
{
  Walk *walk = user_data;
  AcSieveTarget *target;

  /* A block has no place in it, and what is in a block of a redirect would be looked at twice. */
  if (!g_str_equal (command->name, "redirect") || command->block != NULL)
    return;
  target = look_at_redirect (walk, command);
  if (target == NULL)
    return;
  target->keeps = may_be_lost (walk, command);
  g_ptr_array_add (walk->result->removed, target);
  take_out (walk, command, target->keeps);
}

/**
 * ac_sieve_redirects_new:
 * @text: (array length=length): a whole script
 * @domains: (array zero-terminated=1): those of the organisation, normalized, with “*.” before
 * those whose subdomains count
 *
 * Returns: (transfer full): what was found; or %NULL with AC_SIEVE_SCRIPT_ERROR_SYNTAX.
 */
AcSieveRedirects *
ac_sieve_redirects_new (const char *text, gsize length, const char *const *domains, GError **error)
{
  g_autoptr (AcSieveScript) script = ac_sieve_script_parse (text, length, error);
  g_autoptr (GPtrArray) losers = g_ptr_array_new ();
  AcSieveRedirects *result;
  Walk walk;

  if (script == NULL)
    return NULL;
  result = g_new0 (AcSieveRedirects, 1);
  result->removed = g_ptr_array_new_with_free_func ((GDestroyNotify)target_free);
  result->inside = g_ptr_array_new_with_free_func (g_free);
  result->includes = g_ptr_array_new_with_free_func ((GDestroyNotify)include_free);
  walk = (Walk){ .script = script, .domains = domains, .result = result, .losers = losers };
  walk.out = g_string_sized_new (length);
  ac_sieve_script_visit (script, find_losers_cb, &walk);
  ac_sieve_script_visit (script, take_redirects_cb, &walk);
  g_string_append_len (walk.out, script->text + walk.done, (gssize)(script->length - walk.done));
  result->length = walk.out->len;
  result->text = g_string_free (walk.out, FALSE);
  return result;
}

static char *
say_target (const AcSieveTarget *target)
{
  switch (target->kind)
    {
    case AC_SIEVE_TARGET_VARIABLE:
      return g_strdup_printf (
          "“%s” (known only when the script runs, so taken for an address outside)", target->text);
    case AC_SIEVE_TARGET_LIST:
      return g_strdup_printf ("the list “%s” (its addresses are not known here)", target->text);
    case AC_SIEVE_TARGET_UNREADABLE:
      return g_strdup_printf ("an address that could not be read (“%s”)", target->text);
    case AC_SIEVE_TARGET_ADDRESS:
    default:
      return g_strdup_printf ("“%s”", target->text);
    }
}

/**
 * ac_sieve_redirects_list:
 *
 * Returns: (transfer full): what was taken out, in words, each once: “a”, “b” and “c”.
 */
char *
ac_sieve_redirects_list (const AcSieveRedirects *redirects)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < redirects->removed->len; i++)
    {
      g_autofree char *name = say_target (redirects->removed->pdata[i]);

      if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_ptr_array_add (names, g_steal_pointer (&name));
    }
  for (guint i = 0; i < names->len; i++)
    {
      if (i > 0)
        g_string_append (text, i + 1 < names->len ? ", " : " and ");
      g_string_append (text, names->pdata[i]);
    }
  return g_string_free (text, FALSE);
}
