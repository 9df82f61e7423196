/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "window/ac-duration-text.h"
#include "window/ac-text-row.h"
#include "window/ac-time-text.h"

typedef struct
{
  char *text;        /* nullable, as all below */
  char *export_text; /* when it differs from text */
  char *tooltip;
  const char *icon_name; /* static */
  const char *style_class;
  gint64 number; /* to sort by */
  gboolean has_number;
} Cell;

struct _AcTextRow
{
  GObject parent_instance;

  GArray *cells;    /* of Cell */
  GObject *subject; /* nullable */
};

G_DEFINE_FINAL_TYPE (AcTextRow, ac_text_row, G_TYPE_OBJECT)

static void
cell_clear (gpointer data)
{
  Cell *cell = data;

  g_free (cell->text);
  g_free (cell->export_text);
  g_free (cell->tooltip);
}

static Cell *
get_cell (AcTextRow *self, guint column)
{
  g_assert (column < self->cells->len);
  return &g_array_index (self->cells, Cell, column);
}

static void
ac_text_row_finalize (GObject *object)
{
  AcTextRow *self = AC_TEXT_ROW (object);

  g_clear_pointer (&self->cells, g_array_unref);
  g_clear_object (&self->subject);
  G_OBJECT_CLASS (ac_text_row_parent_class)->finalize (object);
}

static void
ac_text_row_class_init (AcTextRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_text_row_finalize;
}

static void
ac_text_row_init (AcTextRow *self)
{
}

/**
 * ac_text_row_new:
 * @subject: (nullable) (transfer none): a GObject that the row is about
 *
 * Returns: (transfer full): a row with so many empty texts.
 */
AcTextRow *
ac_text_row_new (guint n_columns, gpointer subject)
{
  AcTextRow *self = g_object_new (AC_TYPE_TEXT_ROW, NULL);

  self->cells = g_array_sized_new (FALSE, TRUE, sizeof (Cell), n_columns);
  g_array_set_clear_func (self->cells, cell_clear);
  g_array_set_size (self->cells, n_columns);
  self->subject = subject != NULL ? g_object_ref (subject) : NULL;
  return self;
}

/**
 * ac_text_row_set:
 * @text: (nullable): copied
 */
void
ac_text_row_set (AcTextRow *self, guint column, const char *text)
{
  ac_text_row_take (self, column, g_strdup (text));
}

/**
 * ac_text_row_take:
 * @text: (nullable) (transfer full)
 */
void
ac_text_row_take (AcTextRow *self, guint column, char *text)
{
  g_return_if_fail (AC_IS_TEXT_ROW (self));

  g_free (get_cell (self, column)->text);
  get_cell (self, column)->text = text;
}

/**
 * ac_text_row_set_time:
 * @time: as in ac-time.h; exported as RFC 3339 in UTC, so that no zone has to be guessed
 */
void
ac_text_row_set_time (AcTextRow *self, guint column, gint64 time)
{
  Cell *cell = get_cell (self, column);

  cell->number = time;
  cell->has_number = TRUE;
  if (time == AC_TIME_NONE)
    return;
  ac_text_row_take (self, column, ac_time_text_short (time));
  cell->export_text = ac_time_format (time);
  cell->tooltip = ac_time_text_full (time);
}

void
ac_text_row_set_number (AcTextRow *self, guint column, gint64 number)
{
  Cell *cell = get_cell (self, column);

  ac_text_row_take (self, column, g_strdup_printf ("%" G_GINT64_FORMAT, number));
  cell->number = number;
  cell->has_number = TRUE;
}

/**
 * ac_text_row_set_seconds:
 * @seconds: a length of time, exported as a number; negative: not known
 */
void
ac_text_row_set_seconds (AcTextRow *self, guint column, gint64 seconds)
{
  Cell *cell = get_cell (self, column);

  cell->number = seconds;
  cell->has_number = TRUE;
  if (seconds < 0)
    return;
  ac_text_row_take (self, column, ac_duration_text_seconds (seconds));
  cell->export_text = g_strdup_printf ("%" G_GINT64_FORMAT, seconds);
}

/**
 * ac_text_row_set_icon:
 * @icon_name: static
 * @style_class: (nullable): static
 */
void
ac_text_row_set_icon (AcTextRow *self, guint column, const char *icon_name, const char *style_class)
{
  get_cell (self, column)->icon_name = icon_name;
  get_cell (self, column)->style_class = style_class;
}

const char *
ac_text_row_get_text (AcTextRow *self, guint column)
{
  g_return_val_if_fail (AC_IS_TEXT_ROW (self), NULL);

  return get_cell (self, column)->text;
}

/**
 * ac_text_row_get_export:
 *
 * Returns: (nullable): what stands in a file.
 */
const char *
ac_text_row_get_export (AcTextRow *self, guint column)
{
  const Cell *cell = get_cell (self, column);

  return cell->export_text != NULL ? cell->export_text : cell->text;
}

/**
 * ac_text_row_get_tooltip:
 *
 * Returns: (nullable): the text in full.
 */
const char *
ac_text_row_get_tooltip (AcTextRow *self, guint column)
{
  const Cell *cell = get_cell (self, column);

  return cell->tooltip != NULL ? cell->tooltip : cell->text;
}

/**
 * ac_text_row_get_icon:
 * @style_class: (out) (nullable)
 *
 * Returns: (nullable): the icon before the text.
 */
const char *
ac_text_row_get_icon (AcTextRow *self, guint column, const char **style_class)
{
  *style_class = get_cell (self, column)->style_class;
  return get_cell (self, column)->icon_name;
}

/**
 * ac_text_row_get_subject:
 *
 * Returns: (transfer none) (nullable): what the row is about.
 */
gpointer
ac_text_row_get_subject (AcTextRow *self)
{
  g_return_val_if_fail (AC_IS_TEXT_ROW (self), NULL);

  return self->subject;
}

/**
 * ac_text_row_follow:
 *
 * Makes the row be about what @other is about, which shows the same.
 */
void
ac_text_row_follow (AcTextRow *self, AcTextRow *other)
{
  g_return_if_fail (AC_IS_TEXT_ROW (self));
  g_return_if_fail (AC_IS_TEXT_ROW (other));

  g_set_object (&self->subject, other->subject);
}

/**
 * ac_text_row_describe:
 *
 * Returns: (transfer full): the texts in one line, for those who hear it.
 */
char *
ac_text_row_describe (AcTextRow *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->cells->len; i++)
    {
      const char *own = get_cell (self, i)->text;

      if (own != NULL && *own != '\0')
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", own);
    }
  return g_string_free (text, FALSE);
}

/**
 * ac_text_row_matches:
 * @words: folded by g_utf8_casefold()
 *
 * Returns: whether each word occurs in some text.
 */
gboolean
ac_text_row_matches (AcTextRow *self, const char *const *words)
{
  g_autofree char *text = NULL;
  g_autofree char *folded = NULL;

  if (words == NULL || words[0] == NULL)
    return TRUE;
  text = ac_text_row_describe (self);
  folded = g_utf8_casefold (text, -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (folded, words[i]) == NULL)
      return FALSE;
  return TRUE;
}

/**
 * ac_text_row_compare:
 *
 * Returns: as strcmp(): times and numbers by size, texts as people sort them.
 */
int
ac_text_row_compare (AcTextRow *a, AcTextRow *b, guint column)
{
  const Cell *one = get_cell (a, column);
  const Cell *other = get_cell (b, column);

  if (one->has_number && other->has_number)
    return (one->number > other->number) - (one->number < other->number);
  return g_utf8_collate (one->text != NULL ? one->text : "",
                         other->text != NULL ? other->text : "");
}

/**
 * ac_text_row_equal:
 *
 * Returns: whether both show the same.
 */
gboolean
ac_text_row_equal (AcTextRow *a, AcTextRow *b)
{
  if (a->cells->len != b->cells->len)
    return FALSE;
  for (guint i = 0; i < a->cells->len; i++)
    if (g_strcmp0 (get_cell (a, i)->text, get_cell (b, i)->text) != 0 ||
        get_cell (a, i)->icon_name != get_cell (b, i)->icon_name)
      return FALSE;
  return TRUE;
}
