// Filters, sorting and sources on tap for the bulletin's tables; without it the page is the same document, whole.
"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const text = (cell) => cell.textContent.replace(/\s+/g, "");

  const made = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  const choice = (label, options) => {
    const select = made("select", {}, ...options.map(([value, words]) => made("option", { value }, words)));
    return [made("label", {}, `${label} `, select), select];
  };

  // A printed figure's number; null for —, … and blanks, which stand last whichever way the column is sorted.
  const number = (cell) => {
    const found = (cell.querySelector(".figure") ?? cell).textContent.replace("−", "-").match(/[+-]?\d+(\.\d+)?/);
    return found ? Number(found[0]) : null;
  };

  const sorted = (rows, key, way) =>
    [...rows].sort((one, other) => {
      const [a, b] = [key(one), key(other)];
      if (a === null || b === null) return (a === null) - (b === null);
      return way * (typeof a === "string" ? a.localeCompare(b, "zh") : a - b);
    });

  const mark = (table, column, way) =>
    all("thead th", table).forEach((head, at) => {
      if (at === column) head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });

  // Every head becomes a button: largest first, smallest first, then the order of the document again.
  const headButtons = (table, columns, sort) => {
    let state = [null, 0];
    const heads = all("thead th", table);
    const turn = (column, way) => {
      state = [column, way];
      mark(table, way ? column : null, way);
      sort(column, way);
    };
    for (const column of columns) {
      const button = made("button", { type: "button", title: "按此列排序" });
      button.append(...heads[column].childNodes);
      heads[column].append(button);
      button.addEventListener("click", () => {
        const way = state[0] !== column ? -1 : { "-1": 1, 1: 0, 0: -1 }[state[1]];
        turn(column, way);
        table.dispatchEvent(new CustomEvent("sorted", { detail: { column, way } }));
      });
    }
    return turn;
  };

  // One table of all indicators, or one for each section: filtered together, each sorted by its own heads.
  const indicators = () => {
    const tables = all("table.indicators");
    if (!tables.length) return;
    const rows = all("table.indicators tbody tr:not(.section)");
    const words = (row) => text(row.querySelector(".status"));
    const kind = (within) => within.querySelector(".shape").className;
    const units = (row) => text(row.querySelector(".leaders .value")).split("、");
    const cell = (row, label) => row.querySelector(`td[data-label="${label}"]`);
    const order = [...new Set(all(".overview th, .strip .word").filter((one) => one.querySelector(".shape")).map(kind))];
    const rank = (row) => order.indexOf(kind(row.querySelector(".status")));
    const statuses = [...new Set([...rows].sort((one, other) => rank(one) - rank(other)).map(words))];
    const keys = {
      同比: (row) => number(cell(row, "同比")),
      完成率: (row) => number(cell(row, "完成率")),
      // Gaps in households or sessions can't be ranked among those in percentage points.
      差距: (row) => (row.querySelector(".gap-unit")?.textContent === "百分点" ? number(cell(row, "差距")) : null),
      状态: (row) => order.length - rank(row),
      牵头单位: (row) => text(cell(row, "牵头单位")),
    };

    const [statusLabel, status] = choice("状态", [
      ["", "全部"],
      ...statuses.map((word) => [word, `${word}（${rows.filter((row) => words(row) === word).length}）`]),
    ]);
    const [unitLabel, unit] = choice("牵头单位", [
      ["", "全部"],
      ...[...new Set(rows.flatMap(units))].map((name) => [name, name]),
    ]);
    const [orderLabel, orderChoice] = choice("排序", [
      [":0", "文件顺序"],
      ["完成率:-1", "完成率由高到低"],
      ["完成率:1", "完成率由低到高"],
      ["差距:1", "差距由落后到领先"],
      ["差距:-1", "差距由领先到落后"],
      ["状态:-1", "状态"],
      ["", "所点的表头"],
    ]);
    orderChoice.options[orderChoice.options.length - 1].hidden = true;
    const find = made("input", { type: "search", size: "12" });
    const clear = made("button", { type: "reset" }, "清除");
    const count = made("p", { role: "status" });
    const form = made(
      "form",
      { class: "tools", "aria-label": "筛选和排序主要指标" },
      statusLabel, unitLabel, made("label", {}, "查找 ", find), orderLabel, clear, count,
    );
    const first = tables[0].closest(".topic") ?? tables[0].closest(".scroll");
    first.before(form);

    const filter = () => {
      const wanted = find.value.trim();
      for (const row of rows) {
        row.hidden =
          (status.value !== "" && words(row) !== status.value) ||
          (unit.value !== "" && !units(row).includes(unit.value)) ||
          (wanted !== "" && !text(row.querySelector("th.name")).split("出处")[0].includes(wanted));
      }
      for (const body of tables.flatMap((table) => [...table.tBodies])) {
        body.hidden = !all("tr:not(.section)", body).some((row) => !row.hidden);
      }
      // A section of which nothing is left is passed over with its text and charts.
      for (const topic of all(".topic")) topic.hidden = !all("table.indicators tbody tr", topic).some((row) => !row.hidden);
      const shown = rows.filter((row) => !row.hidden).length;
      count.textContent = shown < rows.length ? `已筛选：显示${rows.length}项中的${shown}项` : "";
    };

    const turns = tables.map((table) => {
      const own = all("tbody tr:not(.section)", table);
      const home = new Map(own.map((row) => [row, row.parentNode]));
      const flat = made("tbody", { role: "rowgroup" });
      const label = (column) => own[0].cells[column].dataset.label;
      const columns = Object.keys(keys).map((name) => [...own[0].cells].indexOf(cell(own[0], name))).filter((at) => at >= 0);
      const turn = headButtons(table, columns, (column, way) => {
        if (way) {
          flat.append(...sorted(own, keys[label(column)], way));
          table.append(flat);
        } else {
          for (const row of own) home.get(row).append(row);
          flat.remove();
        }
        filter();
      });
      table.addEventListener("sorted", ({ detail: { column, way } }) => {
        const value = tables.length > 1 ? "" : way ? `${label(column)}:${way}` : ":0";
        orderChoice.value = [...orderChoice.options].some((option) => option.value === value) ? value : "";
      });
      return (name, way) => turn(way ? [...own[0].cells].findIndex((one) => one.dataset.label === name) : null, way);
    });
    orderChoice.addEventListener("change", () => {
      const [name, way] = orderChoice.value.split(":");
      for (const turn of turns) turn(name, Number(way));
    });
    for (const field of [status, unit, find]) field.addEventListener("input", filter);
    // Who follows a link to a row that is filtered out wants to see it.
    document.addEventListener("click", (event) => {
      const to = event.target.closest("a.jump")?.hash.slice(1);
      if (!to || !document.getElementById(to)?.hidden) return;
      for (const field of [status, unit, find]) field.value = "";
      filter();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(() => turns.forEach((turn) => turn(null, 0))));
  };

  const areas = () => {
    const tables = all("table.areas");
    if (!tables.length) return;
    // One row may tell of several areas that share a place: 甲镇、乙镇（共2个）.
    const names = (cell) => text(cell).replace(/（共\d+个）$/, "").split("、");
    const rows = tables.flatMap((table) => all("tbody tr", table));
    const counted = all("table.counted tbody tr");
    const known = [...new Set(rows.flatMap((row) => names(row.querySelector("th"))))].filter((name) => name !== "全区");
    const [label, area] = choice("只看", [["", "全部区域"], ...known.map((name) => [name, name])]);
    const count = made("p", { role: "status" });
    const form = made("form", { class: "tools", "aria-label": "按区域筛选" }, label, count);
    tables[0].closest(".scroll").before(form);
    area.addEventListener("input", () => {
      for (const row of rows) {
        // One that has no rank shows only to who asks for it.
        row.hidden = area.value ? !names(row.querySelector("th")).includes(area.value) : row.classList.contains("unranked");
      }
      for (const row of counted) row.hidden = area.value !== "" && text(row.cells[2]) !== area.value;
      for (const table of [...tables, ...all("table.counted")]) {
        table.closest(".scroll").hidden = !all("tbody tr", table).some((row) => !row.hidden);
      }
      const listed = counted.filter((row) => !row.hidden).length;
      count.textContent = area.value ? `已筛选：只显示${area.value}` + (counted.length ? `，清单中有${listed}条` : "") : "";
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const table of tables) {
      const own = all("tbody tr", table);
      const body = table.tBodies[0];
      const columns = all("thead th", table).map((_, at) => at).filter((at) => at > 1);
      headButtons(table, [0, ...columns.slice(0, -1)], (column, way) =>
        body.append(...(way ? sorted(own, (row) => number(row.cells[column]), way) : own)),
      );
    }
  };

  const tasks = () => {
    const table = document.querySelector("table.tasks");
    if (!table) return;
    const rows = all("tbody tr", table);
    const units = (row) => text(row.querySelector(".unit")).split("、");
    const known = [...new Set(rows.flatMap(units))];
    if (known.length < 2) return;
    const [label, unit] = choice("责任单位", [["", "全部"], ...known.map((name) => [name, name])]);
    const count = made("p", { role: "status" });
    const form = made("form", { class: "tools", "aria-label": "按责任单位筛选任务" }, label, count);
    table.closest(".scroll").before(form);
    unit.addEventListener("input", () => {
      for (const row of rows) row.hidden = unit.value !== "" && !units(row).includes(unit.value);
      const shown = rows.filter((row) => !row.hidden).length;
      count.textContent = shown < rows.length ? `已筛选：显示${rows.length}项中的${shown}项` : "";
    });
    form.addEventListener("submit", (event) => event.preventDefault());
  };

  // A finger can't hover: a tap on a figure shows the title that a mouse would see.
  const sources = () => {
    const card = made("div", { class: "card", role: "status", hidden: "" });
    document.body.append(card);
    let shown = null;
    const hide = () => {
      card.hidden = true;
      shown?.classList.remove("told");
      shown = null;
    };
    document.addEventListener("click", (event) => {
      const figure = event.target.closest(".figure[title], .sha [title]");
      if (!figure || figure === shown) {
        if (!event.target.closest(".card")) hide();
        return;
      }
      hide();
      shown = figure;
      figure.classList.add("told");
      card.replaceChildren(...figure.title.split("；").map((line) => made("p", {}, line)));
      card.hidden = false;
      const box = figure.getBoundingClientRect();
      const left = Math.min(box.left, document.documentElement.clientWidth - card.offsetWidth - 8);
      card.style.left = `${Math.max(8, left) + window.scrollX}px`;
      card.style.top = `${box.bottom + 6 + window.scrollY}px`;
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") hide();
    });
  };

  indicators();
  areas();
  tasks();
  sources();
})();
